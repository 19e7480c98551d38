import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createLog } from '../../../src/base/log.ts';
import { Raw } from '../../../src/bus/bus.ts';
import { busConfigSchema } from '../../../src/bus/config.ts';
import { openKafka } from '../../../src/bus/open.ts';
import { Telemetry } from '../../../src/telemetry/telemetry.ts';
import type { WholeSystem } from './whole-system.ts';

/** One fault of each kind, one after the other: a message that is none, and every server away for a while. */
export async function causeFaults(system: WholeSystem, folder: string): Promise<void> {
  await publishNonsense(system, folder);
  for (const { control } of [system.s3, system.opensearch, system.postgres]) {
    await control.kill();
    await sleep(5000);
    await control.restart();
  }
  // A broker that hangs is noticed within 15 seconds.
  await system.kafka.control.pause();
  await sleep(18_000);
  await system.kafka.control.resume();
}

async function publishNonsense({ kafka }: WholeSystem, dataFolder: string): Promise<void> {
  const config = busConfigSchema.parse({ kind: 'kafka', brokers: [...kafka.brokers], format: 'json' });
  if (config.kind !== 'kafka') throw new TypeError('expected Kafka');
  const log = createLog({ level: 'silent' });
  const opened = await openKafka({ config, dataFolder, log, telemetry: new Telemetry() });
  try {
    await opened.bus.publish('plates', [new Raw({ key: 'x', value: Buffer.from('no event') })]);
  } finally {
    await opened[Symbol.asyncDispose]();
  }
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
