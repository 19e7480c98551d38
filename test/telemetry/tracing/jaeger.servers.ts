import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../../src/base/log.ts';
import { Telemetry } from '../../../src/telemetry/telemetry.ts';
import { tracingConfigSchema } from '../../../src/telemetry/tracing/config.ts';
import { noteTaken } from '../../../src/telemetry/tracing/note-taken.ts';
import { openTracing } from '../../../src/telemetry/tracing/open.ts';
import { type JaegerServer, startJaeger } from '../../../tools/servers/jaeger.ts';
import { describeWith } from '../../servers/servers.ts';
import { makeEvent } from '../../store/make-event.ts';
import { readJaegerTrace } from './jaeger-trace.ts';

describeWith(['jaeger'], 'Jaeger', () => {
  let jaeger: JaegerServer;
  beforeAll(async () => {
    jaeger = await startJaeger();
  }, 120_000);
  afterAll(() => jaeger[Symbol.asyncDispose]());

  test.each(['grpc', 'http'] as const)(
    'shows a passage that came by %s as one trace under the id of its event',
    async (protocol) => {
      const config = tracingConfigSchema.parse({ endpoint: jaeger[protocol], protocol });
      const log = createLog({ level: 'silent' });
      const telemetry = new Telemetry();
      const tracing = await openTracing({ config, site: 'home', version: '1.2.3', telemetry, log });
      const event = makeEvent({ at: Date.now() - 60_000 });
      const [from, to] = [Date.now() - 20, Date.now()];
      noteTaken(tracing.of('ingest'), [{ event, headers: {} }], {
        ...{ bus: 'kafka', group: 'ingest', receivedAt: from, hasFailed: false },
        steps: () => [{ name: 'row', from, to }],
      });
      await tracing[Symbol.asyncDispose]();
      const read = () => readJaegerTrace(jaeger.query, event.event_id);
      await expect.poll(async () => (await read()).length, { timeout: 30_000 }).toBe(7);
      const spans = await read();
      const made = ['detect', 'frame', 'passage', 'read', 'spool'].map((name) => `edge ${name}`);
      expect(spans.map(({ name }) => name).toSorted()).toEqual([...made, 'ingest kafka', 'ingest row']);
      const rootId = event.event_id.replaceAll('-', '').slice(16);
      expect(spans.map(({ parent }) => parent).toSorted()).toEqual([
        ...Array.from({ length: 6 }, () => rootId),
        undefined,
      ]);
    },
  );
});
