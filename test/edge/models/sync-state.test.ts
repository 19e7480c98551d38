import { expect, test } from 'vitest';
import { startTally } from '../../../src/edge/models/judge-trial.ts';
import { type KindState, type Seat, stateOf, succeed } from '../../../src/edge/models/sync-state.ts';

const onTrial = (version: string): Seat => ({
  held: { version, id: 'alpr-read@0123456789ab', content: `content of ${version}`, decision: null, files: [] },
  trial: { since: '2026-01-01T00:00:00.000Z', starts: 0, past: startTally() },
});

const settle = ({ usual }: KindState) => {
  if (usual) usual.trial = null;
};

// A version with * has passed its trial before the next comes; one with - is rolled back everywhere by then.
test.for([
  ['7', []],
  ['7* 8', ['7']],
  ['7 8', ['7']],
  ['7 8 9', ['7', '8']],
  ['7* 8* 9', ['8']],
  ['7* 8 9', ['7', '8']],
  ['7 8 9- 8', ['7']],
  ['7* 8*- 7', []],
  ['7* 8*- 9', ['7']],
  ['7- 8 9', ['8']],
  ['7 8 7', ['8']],
  ['1 2 3 4 5 6', ['2', '3', '4', '5']],
] as const)('After %s an edge goes back to the newest of %j', ([history, good]) => {
  const state = stateOf({ format: 1, contact_at: null, kinds: {} }, 'reader', 'alpr-read');
  const rolledBack = new Set<string>();
  for (const step of history.split(' ')) {
    const [version = ''] = /\d+/.exec(step) ?? [];
    rolledBack.delete(`content of ${version}`);
    succeed(state, onTrial(version), rolledBack);
    if (step.includes('*')) settle(state);
    if (step.includes('-')) rolledBack.add(`content of ${version}`);
  }
  expect(state.good.map(({ held: { version } }) => version)).toEqual(good);
});
