import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AlprError } from '../../src/base/errors.ts';
import type { Bus } from '../../src/bus/bus.ts';
import type { CameraConfig } from '../../src/camera/config.ts';
import type { CameraStatus } from '../../src/contract/live.ts';
import type { PageCamera, TrialMessage } from '../../src/contract/page-camera.ts';
import { runEdge } from '../../src/edge/edge.ts';
import { unsealCamera } from '../../src/edge/unseal-camera.ts';
import { sealSecrets } from '../../src/identity/camera-secrets.ts';
import { openKeyFile } from '../../src/identity/key-file.ts';
import { openFileImages } from '../../src/images/files.ts';
import type { Pipeline } from '../../src/vision/pipeline.ts';
import { openInProcessBus } from '../bus/open-in-process.ts';
import { readContents } from '../bus/read-contents.ts';
import { createEdgeOptions } from './edge-options.ts';

const patient = { timeout: 10_000, interval: 10 };
const NOTHING = { gated: false, detections: [], tracks: [], sightings: [], lost: [], unplated: [] };
const pipeline: Pipeline = {
  observe: async () => ({ ...NOTHING, timings: { detectMs: 1, trackMs: 1, readMs: 1, fuseMs: 1 } }),
  end: async () => ({ sightings: [], lost: [] }),
};
const GATE: PageCamera = {
  id: 'gate',
  site: 'home',
  state: 'running',
  revision: 1,
  settings: { kind: 'rtsp', id: 'gate', url: 'rtsp://192.0.2.10/stream' },
  secrets: null,
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-cameras-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A live camera that shows one picture and then waits for its end. */
function openFake({ id, name, kind }: CameraConfig) {
  const image = { kind: 'rgb24', width: 64, height: 48, data: new Uint8Array(64 * 48 * 3) } as const;
  const running = { state: 'running', message: '', since: 0, width: 64, height: 48, framesIn: 1, restarts: 0 } as const;
  return {
    ...{ id, name: name ?? id, kind, live: true, stills: false, state: running },
    async *frames(signal: AbortSignal) {
      yield { cameraId: id, sequence: 1, capturedAt: 100, mediaTime: 100, image };
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    async [Symbol.asyncDispose]() {},
  };
}

async function openEdge(bus: Bus) {
  const opened: CameraConfig[] = [];
  const closed: string[] = [];
  const states = new Map<string, CameraStatus>();
  await using stack = new AsyncDisposableStack();
  const images = stack.use(await openFileImages(join(folder, 'images')));
  const onlooker = { group: 'test', isOnlooker: true, maxBatch: 100, maxWaitMs: 0 } as const;
  stack.use(
    await bus.subscribe({ topic: 'live', ...onlooker }, async (batch) => {
      for (const message of readContents(batch)) {
        if (message.kind === 'camera') states.set(message.status.camera_id, message.status);
      }
    }),
  );
  const options = createEdgeOptions({ cameras: [], createPipeline: () => pipeline, bus, images, folder });
  const edge = await runEdge({
    ...options,
    async openCamera(config) {
      if (config.kind === 'usb') throw new AlprError('INTERNAL', 'Expected a camera at /dev/video9');
      opened.push(config);
      const camera = openFake(config);
      return {
        ...camera,
        async [Symbol.asyncDispose]() {
          closed.push(config.id);
        },
      };
    },
    unseal: (camera) => unsealCamera(camera, () => openKeyFile(join(folder, 'sign-in.key'))),
  });
  stack.use(edge);
  const closing = stack.move();
  return { edge, opened, closed, states, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

describe('An edge', () => {
  test('runs the cameras of its site that the page had before it started, and no others', async () => {
    await using bus = await openInProcessBus();
    await bus.publish('cameras', [GATE, { ...GATE, id: 'far', site: 'elsewhere' }]);
    await using edge = await openEdge(bus);
    await expect.poll(() => edge.opened.map(({ id }) => id), patient).toEqual(['gate']);
    await expect.poll(() => edge.states.get('gate')?.state, patient).toBe('running');
  });

  test('follows what becomes of a camera: changed, paused, resumed, moved to another site, removed', async () => {
    await using bus = await openInProcessBus();
    await using edge = await openEdge(bus);
    const key = await openKeyFile(join(folder, 'sign-in.key'));
    const secrets = sealSecrets({ username: 'root', password: 'pa55word' }, key);
    const settings = { ...GATE.settings, name: 'North gate' };
    const tell = (revision: number, more: object) => bus.publish('cameras', [{ ...GATE, revision, ...more }]);
    await tell(1, {});
    await tell(2, { settings, secrets });
    await expect.poll(() => edge.opened.length, patient).toBe(2);
    expect(edge.opened[1]).toMatchObject({ name: 'North gate', username: 'root', password: 'pa55word' });
    expect(edge.closed).toEqual(['gate']);
    await tell(3, { settings, state: 'paused' });
    await expect.poll(() => edge.closed.length, patient).toBe(2);
    await expect.poll(() => edge.states.get('gate'), patient).toMatchObject({ state: 'ended', name: 'North gate' });
    // What is older comes too late.
    await tell(2, { settings });
    await tell(4, { settings });
    await expect.poll(() => edge.opened.length, patient).toBe(3);
    await tell(5, { site: 'elsewhere' });
    await expect.poll(() => edge.closed.length, patient).toBe(3);
    await tell(6, {});
    await expect.poll(() => edge.opened.length, patient).toBe(4);
    await tell(7, { state: 'removed' });
    await expect.poll(() => edge.states.get('gate')?.gone, patient).toBe(true);
    expect([edge.opened.length, edge.closed.length]).toEqual([4, 4]);
  });

  test('says which camera of the page cannot run, and runs the others', async () => {
    await using bus = await openInProcessBus();
    await using edge = await openEdge(bus);
    const usb = { ...GATE, id: 'usb', settings: { kind: 'usb', id: 'usb', device: '/dev/video9' } };
    const ffmpeg = { ...GATE, id: 'ffmpeg', settings: { ...GATE.settings, id: 'ffmpeg', ffmpeg: '/bin/sh' } };
    const file = { ...GATE, id: 'file', settings: { kind: 'file', id: 'file', path: '/etc/passwd' } };
    const sealed = {
      ...GATE,
      id: 'sealed',
      secrets: Buffer.from('by another key, long ago, elsewhere').toString('base64'),
    };
    await bus.publish('cameras', [usb, ffmpeg, file, sealed, GATE]);
    await expect.poll(() => edge.opened.map(({ id }) => id), patient).toEqual(['gate']);
    await expect.poll(() => edge.states.size, patient).toBe(5);
    expect(edge.states.get('usb')).toMatchObject({ state: 'failed', message: 'Expected a camera at /dev/video9' });
    expect(edge.states.get('ffmpeg')?.message).toContain('ffmpeg');
    expect(edge.states.get('file')?.message).toContain('kind');
    expect(edge.states.get('sealed')?.message).toContain('accounts.key_file');
    expect(edge.edge.statuses().map(({ camera_id }) => camera_id)).toEqual(['gate']);
  });

  test('tries a camera of its site and answers with what it saw; what fails is told, too', async () => {
    await using bus = await openInProcessBus();
    await using _edge = await openEdge(bus);
    const answers = new Map<string, Extract<TrialMessage, { kind: 'answer' }>>();
    const onlooker = { topic: 'trials', group: 'test', isOnlooker: true, maxBatch: 1, maxWaitMs: 0 } as const;
    await using _ = await bus.subscribe(onlooker, async (batch) => {
      for (const message of readContents(batch))
        if (message.kind === 'answer') answers.set(message.answer.trial, message);
    });
    const [good, bad, far] = [1, 2, 3].map((digit) => `0199000${digit}-0000-4000-8000-000000000000`);
    const ask = { site: 'home', settings: GATE.settings, secrets: null };
    const usb = { ...ask, settings: { kind: 'usb', id: 'usb' } };
    await bus.publish('trials', [
      { kind: 'ask', ask: { ...ask, trial: `${good}` } },
      { kind: 'ask', ask: { ...usb, trial: `${bad}` } },
      { kind: 'ask', ask: { ...ask, trial: `${far}`, site: 'elsewhere' } },
    ]);
    await expect.poll(() => answers.size, patient).toBe(2);
    const { answer, jpeg } = answers.get(`${good}`) ?? expect.unreachable();
    expect(answer).toMatchObject({ pictures: 1, width: 64, height: 48, plates: 0, legibility: null, problem: null });
    expect([...jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    expect(answers.get(`${bad}`)?.answer).toMatchObject({ pictures: 0, problem: 'Expected a camera at /dev/video9' });
  });
});
