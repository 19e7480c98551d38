import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Board, Panel } from './panel.ts';
import { renderPanel } from './render-panel.ts';
import { refer } from './render-query.ts';

const TAG = 'alpr';

/** Variables of the dashboards, and what lists their values. */
export const VARIABLES = {
  site: { label: 'Site', query: 'label_values(alpr_build_info, site)' },
  camera: { label: 'Camera', query: 'label_values(alpr_camera_up{site=~"$site"}, camera)' },
} as const;

/** Something that was not there in the hour before: a moment for a line across all graphs. */
const began = (metric: string, labels: string) =>
  `sum by (${labels}) (${metric}) unless on (${labels}) sum by (${labels}) (max_over_time(${metric}[1h] offset 1m))`;

/** When another version or another model began to run. */
export const ANNOTATIONS = [
  {
    name: 'Deployments',
    colour: 'blue',
    query: began('alpr_build_info', 'site, service, version'),
    title: 'version {{version}}',
    text: '{{service}} at {{site}}',
  },
  {
    name: 'Models',
    colour: 'purple',
    query: began('alpr_model_info', 'site, kind, model, provider'),
    title: 'model {{model}}',
    text: '{{kind}} on {{provider}} at {{site}}',
  },
] as const;

/** A dashboard as Grafana reads it. */
export function renderBoard(board: Board): string {
  const rendered = new DashboardBuilder(board.title)
    .uid(board.uid)
    .description(board.text)
    .tags([TAG])
    .time({ from: board.from, to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder('ALPR')
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    );
  for (const name of ['site', 'camera'] as const) if (uses(board, name)) rendered.withVariable(renderVariable(name));
  for (const annotation of ANNOTATIONS) rendered.annotation(renderAnnotation(annotation));
  let id = 0;
  for (const { title, panels } of board.rows) {
    id += 1;
    rendered.withRow(new RowBuilder(title).id(id));
    for (const [panel, width] of arrange(panels)) {
      id += 1;
      rendered.withPanel(
        renderPanel(panel)
          .id(id)
          .span(width)
          .height(panel.kind === 'number' ? 4 : 8),
      );
    }
  }
  return `${JSON.stringify(rendered.build(), null, 2)}\n`;
}

function uses({ rows }: Board, name: string): boolean {
  const queries = rows.flatMap(({ panels }) => panels).flatMap((panel) => panel.queries);
  return queries.some(({ text }) => new RegExp(`\\$\\{?${name}\\b`).test(text));
}

function renderVariable(name: keyof typeof VARIABLES): QueryVariableBuilder {
  const { label, query } = VARIABLES[name];
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(refer('prometheus'))
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: 'All', value: '$__all' });
}

function renderAnnotation({ name, colour, query, title, text }: (typeof ANNOTATIONS)[number]): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(refer('prometheus'))
    .enable(true)
    .iconColor(colour)
    .expr(query)
    .step('60s')
    .titleFormat(title)
    .textFormat(text);
}

const WHOLE = 24;

/** Each panel with its width: numbers share a line, graphs go in pairs, what is left over gets the whole line. */
function arrange(panels: readonly Panel[]): readonly (readonly [Panel, number])[] {
  const numbers = panels.filter(({ kind }) => kind === 'number');
  const others = panels.filter(({ kind }) => kind !== 'number');
  const share = Math.floor(WHOLE / Math.max(1, numbers.length));
  return [
    ...numbers.map((panel, at) => [panel, at === numbers.length - 1 ? WHOLE - share * at : share] as const),
    ...others.map((panel, at) => {
      const isAlone = at === others.length - 1 && at % 2 === 0;
      return [panel, isAlone ? WHOLE : WHOLE / 2] as const;
    }),
  ];
}
