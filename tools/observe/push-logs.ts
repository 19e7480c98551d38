import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 1000;
const AT_ONCE_BYTES = 1 << 20;

type Source = { readonly file: string; at: number };

/** Hands on what our processes write into these files to a server that takes lines as Loki does; what it does not take comes again. */
export function pushLogs(files: readonly string[], url: string): AsyncDisposable {
  const closing = new AbortController();
  const sources = files.map((file): Source => ({ file, at: 0 }));
  const running = (async () => {
    while (!closing.signal.aborted) {
      for (const source of sources) await pushNew(source, url).catch(() => undefined);
      await sleep(EVERY_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}

/** Lines of our log as deploy/alloy/config.alloy labels them, in the shape of Loki's push API; others are left out. */
export function toStreams(lines: readonly string[]) {
  return lines.flatMap((line) => {
    const { time, level, service, site } = read(line);
    if (time === undefined) return [];
    const nanoseconds = `${Date.parse(time)}000000`;
    return [{ stream: { container: service, level, service, site }, values: [[nanoseconds, line.trimEnd()]] }];
  });
}

/** What a crash cuts off, and what others write, is no line of ours. */
function read(line: string): Readonly<Partial<Record<'time' | 'level' | 'service' | 'site', string>>> {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

async function pushNew(source: Source, url: string): Promise<void> {
  await using file = await open(source.file);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(AT_ONCE_BYTES), 0, AT_ONCE_BYTES, source.at);
  const end = buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1;
  if (end === 0) return;
  const streams = toStreams(buffer.subarray(0, end).toString().split('\n'));
  const answer = await fetch(`${url}/insert/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams }),
    signal: AbortSignal.timeout(5000),
  });
  if (answer.ok) source.at += end;
}
