import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ModelServerConfig, modelServerSchema } from '../../../src/models/kserve/config.ts';
import { createModelServerMetrics } from '../../../src/models/kserve/metrics.ts';
import { openModelServer } from '../../../src/models/kserve/open.ts';
import { openModel } from '../../../src/models/open.ts';
import { Telemetry } from '../../../src/telemetry/telemetry.ts';
import type { Tensor } from '../../../src/vision/session.ts';
import { createCertificate } from '../../../tools/servers/certificate.ts';
import { keepLog } from '../../camera/log.ts';
import { readModelJson, readModelPicture } from '../../vision/onnx-session.ts';
import { openKServeServer, sendTensors } from './kserve-server.ts';

const MODELS = new URL('../../../models/', import.meta.url).pathname;
let server: Awaited<ReturnType<typeof openKServeServer>>;

beforeAll(async () => {
  server = await openKServeServer();
});
afterAll(() => server?.[Symbol.asyncDispose]());
afterEach(async () => {
  Object.assign(server, { isReady: true, misdeed: undefined, token: undefined, width: 128 });
});

/** The reader on the server, by the rule given. */
async function openReader(given: Partial<ModelServerConfig> = {}) {
  const opened = new AsyncDisposableStack();
  const log = keepLog();
  const telemetry = new Telemetry();
  const config = modelServerSchema.parse({ url: server.url, deadline_ms: 20_000, ...given });
  let changes = 0;
  const onChange = () => {
    changes += 1;
  };
  const signal = AbortSignal.timeout(20_000);
  const options = { config, metrics: createModelServerMetrics(telemetry), log, signal, onChange };
  const served = opened.use(await openModelServer(options));
  const here = { folders: [MODELS], providers: ['cpu'], workers: 1, threads: 1, log } as const;
  const count = async (by: string) => {
    const { text } = await telemetry.format();
    return Number(text.match(new RegExp(`alpr_inference_runs_total\\{by="${by}"\\} (\\d+)`))?.[1] ?? 0);
  };
  try {
    const model = opened.use(await openModel({ ...here, model: 'alpr-read', task: 'read', server: served }));
    const { session } = model;
    return {
      session,
      log,
      count,
      check: () => served.server.check(),
      openDetector: () => openModel({ ...here, model: 'alpr-detect', task: 'detect', server: served }),
      changes: () => changes,
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function golden(): Promise<{ plates: Tensor }> {
  const { data } = await readModelPicture('alpr-read/golden/input_0.png');
  return { plates: { type: 'uint8', dims: [1, 64, 128, 3], data } };
}

describe('A network on a server that speaks KServe v2', () => {
  test('gives what the network gives in this process, and says who computed it', async () => {
    await using reader = await openReader();
    const { outputs } = await readModelJson('alpr-read/golden/output.json').then((json) => ({
      outputs: json.slots[0],
    }));
    const { slots } = await reader.session.run(await golden());
    const worst = Math.max(
      ...(outputs as number[][]).flat().map((value, at) => Math.abs(value - (slots?.data[at] ?? 9))),
    );
    expect(slots?.dims).toEqual([1, 10, 37]);
    expect(worst).toBeLessThan(1e-3);
    expect(reader.session.provider).toBe(`triton@${new URL(server.url).host}`);
    expect(await reader.check()).toEqual({ ok: true });
    expect(reader.session.lend?.(64 * 128 * 3)).toHaveLength(64 * 128 * 3);
  });

  test.for<[string, RegExp, string, NonNullable<typeof server.misdeed>]>([
    [
      'fewer bytes than it names',
      /answers with \d+ bytes of tensors, expected the \d+ it names/,
      'INFERENCE_FAILED',
      (response, { head, tensors }) => sendTensors(response, { head, tensors: tensors.subarray(0, 400) }),
    ],
    [
      'another shape than its bytes have',
      /answers "slots" \[1, 5\] FP32 with \d+ bytes, expected 20/,
      'INFERENCE_FAILED',
      (response, { head, tensors }) => {
        const [first, ...rest] = head.outputs as object[];
        sendTensors(response, { head: { ...head, outputs: [{ ...first, shape: [1, 5] }, ...rest] }, tensors });
      },
    ],
    [
      'a shape below zero',
      /answers "slots" \[-1, -\d+\] FP32 with \d+ bytes/,
      'INFERENCE_FAILED',
      (response, { head, tensors }) => {
        const [first, ...rest] = head.outputs as { parameters: { binary_data_size: number } }[];
        const size = (first?.parameters.binary_data_size ?? 0) / 4;
        sendTensors(response, { head: { ...head, outputs: [{ ...first, shape: [-1, -size] }, ...rest] }, tensors });
      },
    ],
    [
      'tensors as JSON',
      /answers without inference-header-content-length: expected a server with binary tensors/,
      'INFERENCE_FAILED',
      (response) => response.end('{"outputs": []}'),
    ],
    [
      'a fault of its own',
      /answers \/v2\/models\/alpr-read-\w+\/infer with status 500: CUDA is out of memory/,
      'INFERENCE_FAILED',
      (response) => response.writeHead(500).end('{"error": "CUDA is out of memory"}'),
    ],
    [
      'a refusal of the input',
      /status 400: unexpected shape/,
      'INFERENCE_REFUSED',
      (response) => response.writeHead(400).end('{"error": "unexpected shape for input"}'),
    ],
    [
      'a body without an end',
      /does not answer within 300 ms/,
      'INFERENCE_SERVER_AWAY',
      (response) => {
        const timer = setInterval(() => response.write('more'), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
    [
      'a body that breaks off',
      /does not answer \(aborted\)/,
      'INFERENCE_SERVER_AWAY',
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('half', () => response.destroy());
      },
    ],
  ])('refuses %s, and names the server', async ([, message, code, misdeed]) => {
    // Only what never ends may be cut off, however busy this machine is.
    await using reader = await openReader({ deadline_ms: /within/.test(message.source) ? 300 : 20_000 });
    server.misdeed = misdeed;
    const refused = reader.session.run(await golden());
    await expect(refused).rejects.toMatchObject({ code, message });
    await expect(refused).rejects.toThrow(server.url);
  });

  test('is not opened on a server that has another network under its name, that lets nobody in or that is not ready', async () => {
    server.width = 96;
    await expect(openReader()).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: /128×64.*but the file takes \[\?, 64, 96, 3\]/,
    });
    Object.assign(server, { width: 128, token: 'sesame' });
    await expect(openReader({ token: 'wrong' })).rejects.toMatchObject({ code: 'INFERENCE_SERVER_AWAY' });
    await using _ = await openReader({ token: 'sesame' });
    Object.assign(server, { isReady: false });
    await expect(openReader({ token: 'sesame' })).rejects.toMatchObject({
      code: 'INFERENCE_SERVER_AWAY',
      message: /does not have the model alpr-read-\w{12} ready; alpr models triton-repository/,
    });
  });
});

test('A server with TLS is asked where its authority is trusted, and nowhere else', async () => {
  const certificate = await createCertificate('127.0.0.1');
  await using secure = await openKServeServer(certificate);
  const folder = await mkdtemp(join(tmpdir(), 'kserve-'));
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, certificate.cert);
  await using reader = await openReader({ url: secure.url, ca_file: caFile });
  expect((await reader.session.run(await golden())).slots?.dims).toEqual([1, 10, 37]);
  await expect(openReader({ url: secure.url })).rejects.toMatchObject({
    code: 'INFERENCE_SERVER_AWAY',
    message: /does not answer \(self-signed certificate\)/,
  });
  await rm(folder, { recursive: true });
});

describe('While the inference server is away', () => {
  afterEach(async () => {
    await server.stop();
    await server.restart();
  });

  test('frames fail at once by default, and are read again when it is back', async () => {
    await using reader = await openReader();
    await reader.session.run(await golden());
    await server.stop();
    const fault: unknown = await reader.session.run(await golden()).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'INFERENCE_SERVER_AWAY', message: /does not answer/ });
    // The same error, because the server was not asked again.
    expect(await reader.session.run(await golden()).catch((error: unknown) => error)).toBe(fault);
    await expect(reader.check()).rejects.toMatchObject({ code: 'INFERENCE_SERVER_AWAY' });
    await server.restart();
    await expect.poll(() => reader.check().catch(() => undefined), { timeout: 20_000 }).toEqual({ ok: true });
    await reader.session.run(await golden());
    expect([await reader.count('server'), await reader.count('none')]).toEqual([2, 2]);
    expect(reader.log.lines.join()).toMatch(/the inference server is away.*the inference server is back/);
  });

  test('frames wait for it by rule, as long as the configuration says', async () => {
    await using reader = await openReader({ when_away: 'wait', wait_ms: 20_000 });
    await server.stop();
    const waiting = reader.session.run(await golden());
    await server.restart();
    expect((await waiting).slots?.dims).toEqual([1, 10, 37]);
    await using hasty = await openReader({ when_away: 'wait', wait_ms: 100 });
    await server.stop();
    await expect(hasty.session.run(await golden())).rejects.toMatchObject({ code: 'INFERENCE_SERVER_AWAY' });
  });

  test('this process computes them by rule, says so, and hands over when it is back', async () => {
    await using reader = await openReader({ when_away: 'local' });
    const { slots: served } = await reader.session.run(await golden());
    await server.stop();
    const { slots: local } = await reader.session.run(await golden());
    expect(local?.data).toEqual(served?.data);
    expect(reader.session.provider).toBe('cpu');
    expect(await reader.count('local')).toBe(1);
    await server.restart();
    await expect
      .poll(async () => (await reader.session.run(await golden())) && reader.session.provider, { timeout: 20_000 })
      .toMatch(/^triton@/);
    expect(reader.log.lines.join()).toMatch(/the inference server is away .*"when_away":"local"/);
    expect(reader.changes()).toBe(2);
  });

  test('a model that comes later and that it does not have is refused, and the others stay there', async () => {
    await using reader = await openReader({ when_away: 'local' });
    await expect(reader.openDetector()).rejects.toMatchObject({
      code: 'INFERENCE_SERVER_AWAY',
      message: /does not have the model alpr-detect-\w{12} ready/,
    });
    await reader.session.run(await golden());
    expect([reader.session.provider, await reader.count('local')]).toEqual([expect.stringMatching(/^triton@/), 0]);
  });

  test('this process begins without it by that rule', async () => {
    await server.stop();
    await using reader = await openReader({ when_away: 'local' });
    expect(reader.session.provider).toBe('cpu');
    expect((await reader.session.run(await golden())).slots?.dims).toEqual([1, 10, 37]);
    await server.restart();
  });
});
