import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { toStreams } from '../../tools/observe/push-logs.ts';
import { startVictoriaLogs, type VictoriaLogsServer } from '../../tools/servers/victoria-logs.ts';
import { describeWith } from '../servers/servers.ts';

const EVENT = '0197f5b2-7c3a-7d4e-8f60-2b1c9d8e7f60';

describeWith(['victoria-logs'], 'A server of logs that takes them as Loki does', () => {
  let server: VictoriaLogsServer;
  beforeAll(async () => {
    server = await startVictoriaLogs();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test('finds the lines of an event by its trace, and a service by its label', async () => {
    const lines: string[] = [];
    const target = { write: (text: string) => lines.push(text), isTerminal: false, hasColours: false };
    const log = createLog({ level: 'info' }, target).child({ service: 'edge', site: 'home' });
    log.child({ camera_id: 'gate' }).info({ event_id: EVENT, revision: 2 }, 'an event is spooled');
    log.warn({ err: new Error('connect ECONNREFUSED'), waiting: 3 }, 'the bus does not take events');
    const answer = await fetch(`${server.url}/insert/loki/api/v1/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ streams: toStreams(lines) }),
    });
    expect(answer.status).toBe(204);
    const find = async (query: string) => {
      const url = `${server.url}/select/logsql/query?query=${encodeURIComponent(query)}`;
      const text = await (await fetch(url)).text();
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    };
    const ofTrace = `trace_id:="${EVENT.replaceAll('-', '')}"`;
    await vi.waitFor(async () => expect(await find(ofTrace)).toHaveLength(1), { timeout: 20_000, interval: 200 });
    expect(await find(ofTrace)).toMatchObject([{ camera_id: 'gate', revision: '2', level: 'info', service: 'edge' }]);
    const warned = await find('{service="edge"} level:=warn');
    expect(warned).toMatchObject([{ waiting: '3', site: 'home', 'err.message': 'connect ECONNREFUSED' }]);
  });
});
