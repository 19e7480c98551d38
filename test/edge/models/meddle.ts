/**
 * Loaded into an edge before its program (`node --import`), which knows nothing of it. With HOLD_AT_VERSION the edge stands still as soon as
 * its state on the disk says that it runs this version of the reader, before it does: there it can be killed. SIGUSR2 sets its clock
 * an hour ahead.
 */
import { readFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const HOUR_MS = 3_600_000;
const { rename } = promises;
const held = process.env.HOLD_AT_VERSION;

promises.rename = async (from, to) => {
  await rename(from, to);
  if (held === undefined || !String(to).endsWith('state.json')) return;
  const usual = JSON.parse(readFileSync(to, 'utf8')).kinds?.reader?.usual;
  if (usual?.held.version !== held) return;
  process.stderr.write('{"msg":"held between its state and the change"}\n');
  await new Promise(() => {});
};
syncBuiltinESMExports();

process.on('SIGUSR2', () => {
  const Real = Date;
  globalThis.Date = new Proxy(Real, {
    construct: (target, given) => Reflect.construct(target, given.length > 0 ? given : [target.now() + HOUR_MS]),
    get: (target, key) => (key === 'now' ? () => target.now() + HOUR_MS : Reflect.get(target, key)),
  });
});
