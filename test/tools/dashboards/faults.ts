import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createLog } from '../../../src/base/log.ts';
import { Raw } from '../../../src/bus/bus.ts';
import { busConfigSchema } from '../../../src/bus/config.ts';
import { openKafka } from '../../../src/bus/open.ts';
import { Telemetry } from '../../../src/telemetry/telemetry.ts';
import { makeEvent } from '../../store/make-event.ts';
import type { WholeSystem } from './whole-system.ts';

/** One fault of each kind, one after the other: a message that is none, and every server away while events come. */
export async function causeFaults({ kafka, s3, opensearch, postgres }: WholeSystem, dataFolder: string): Promise<void> {
  const config = busConfigSchema.parse({ kind: 'kafka', brokers: [...kafka.brokers], format: 'json' });
  if (config.kind !== 'kafka') throw new TypeError('expected Kafka');
  const log = createLog({ level: 'silent' });
  await using opened = await openKafka({ config, dataFolder, log, telemetry: new Telemetry() });
  await opened.bus.publish('plates', [new Raw({ key: 'x', value: Buffer.from('no event') })]);
  for (const { control } of [s3, opensearch, postgres]) {
    await control.kill();
    await opened.bus.publish('plates', [makeEvent({ camera: 'north' })]);
    await sleep(8000);
    await control.restart();
  }
  // A broker that hangs is noticed within 15 seconds.
  await kafka.control.pause();
  await sleep(18_000);
  await kafka.control.resume();
}

/** What people say of alerts: nine of ten were right. */
export async function judgeAlerts({ postgres }: WholeSystem): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    await client.query(`UPDATE alerts SET was_right = nth % 10 > 0 FROM (
      SELECT alert_id AS id, row_number() OVER (ORDER BY happened_at) AS nth FROM alerts) AS listed WHERE alert_id = id`);
  } finally {
    await client.end();
  }
}

/** Asks the API as people and programs do, also what it refuses, until `signal`. */
export async function askAround({ url, authorization }: WholeSystem, signal: AbortSignal): Promise<void> {
  const paths = ['/stats', '/events/recent?limit=20', '/events/search?q=A*', '/events/search?q=', '/events/nothing'];
  while (!signal.aborted) {
    for (const path of paths) {
      await fetch(`${url}${path}`, { headers: { authorization, 'x-purpose': 'test' } })
        .then((response) => response.arrayBuffer())
        .catch(() => undefined);
    }
    await sleep(300, undefined, { signal }).catch(() => undefined);
  }
}
