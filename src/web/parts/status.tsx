import type { PlateEvent } from '../../contract/plate-event.ts';

const WORDS: Record<PlateEvent['status'], readonly [string, string]> = {
  provisional: ['reading', 'Provisional: the vehicle is still in view and the text may change'],
  final: ['final', 'Final: the vehicle has left the picture'],
  corrected: ['corrected', 'Corrected by a person'],
  retracted: ['retracted', 'Retracted: this was no read'],
};

/** The status of an event. */
export function Status({ status }: { status: PlateEvent['status'] }) {
  const [word, meaning] = WORDS[status];
  return (
    <span class={`status status-${status}`} title={meaning}>
      <span class="dot" />
      {word}
    </span>
  );
}
