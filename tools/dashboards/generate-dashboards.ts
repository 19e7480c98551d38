import { BOARDS } from './boards.ts';
import { renderBoard } from './render-board.ts';

/** The files that Grafana reads, by their paths. */
export function generateDashboards(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    BOARDS.map((board) => [`deploy/grafana/dashboards/${board.uid.replace(/^alpr-/, '')}.json`, renderBoard(board)]),
  );
}
