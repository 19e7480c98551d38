import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AlprError } from '../../src/base/errors.ts';
import type { Camera } from '../../src/camera/camera.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { runEdge } from '../../src/edge/edge.ts';
import { openFileImages } from '../../src/images/files.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import type { Frame } from '../../src/vision/frame.ts';
import type { Pipeline } from '../../src/vision/pipeline.ts';
import { openInProcessBus } from '../bus/open-in-process.ts';
import { readContents } from '../bus/read-contents.ts';
import { createEdgeOptions } from './edge-options.ts';
import { createSighting } from './sightings.ts';

const NOTHING = {
  gated: false,
  detections: [],
  tracks: [],
  sightings: [],
  lost: [],
  unplated: [],
  timings: { detectMs: 1, trackMs: 1, readMs: 1, fuseMs: 1 },
};
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runner-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A camera that hands out frames with the given numbers and then ends, or fails. */
function createCamera(sequences: readonly number[], live: boolean, fault?: Error): Camera {
  const image = { kind: 'rgb24', width: 64, height: 48, data: new Uint8Array(64 * 48 * 3) } as const;
  return {
    id: 'gate',
    name: 'Gate',
    kind: 'file',
    live,
    stills: false,
    state: { state: 'running', message: '', since: 0, width: 64, height: 48, framesIn: 0, restarts: 2 },
    async *frames(): AsyncGenerator<Frame> {
      for (const sequence of sequences) {
        yield { cameraId: 'gate', sequence, capturedAt: sequence * 100, mediaTime: sequence * 100, image };
      }
      if (fault) throw fault;
    },
    async [Symbol.asyncDispose]() {},
  };
}

async function runCamera(camera: Camera, pipeline: Pipeline, settings = {}) {
  const events: PlateEvent[] = [];
  await using images = await openFileImages(join(folder, 'images'));
  await using bus = await openInProcessBus();
  const subscription = { topic: 'plates', group: 'ingest', maxBatch: 10, maxWaitMs: 1 } as const;
  await using _ = await bus.subscribe(subscription, async (batch) => {
    events.push(...readContents(batch));
  });
  const telemetry = new Telemetry();
  const given = { cameras: [camera], createPipeline: () => pipeline, bus, images, folder, telemetry, settings };
  const options = createEdgeOptions(given);
  const edge = await runEdge(options);
  await edge.ended;
  const [status] = edge.statuses();
  await edge[Symbol.asyncDispose]();
  return { events, status, text: (await telemetry.format()).text };
}

const endingPipeline = (observe: Pipeline['observe']): Pipeline => ({
  observe,
  end: async () => ({ sightings: [createSighting({ text: 'LAST1' })], lost: [] }),
});

describe('One camera at the edge', () => {
  test('a source that breaks still ends the passages that were open', async () => {
    const camera = createCamera([0, 1, 2], false, new AlprError('VIDEO_INVALID', 'the file is cut off'));
    const { events } = await runCamera(
      camera,
      endingPipeline(async () => NOTHING),
    );
    expect(events.map(({ plate, status }) => [plate.text_raw, status])).toEqual([['LAST1', 'final']]);
  });

  test('the memory of a frame goes back where nothing was found in it, and of no other', async () => {
    const camera = createCamera([0, 1, 2], false);
    const back: number[] = [];
    const frames = async function* (signal: AbortSignal) {
      for await (const frame of camera.frames(signal)) yield { ...frame, giveBack: () => back.push(frame.sequence) };
    };
    const plate = { class: 'plate', score: 0.9, box: { x0: 1, y0: 1, x1: 9, y1: 4 } } as const;
    await runCamera(
      { ...camera, frames },
      endingPipeline(async ({ sequence }) => ({ ...NOTHING, detections: sequence === 1 ? [plate] : [] })),
    );
    expect(back).toEqual([0, 2]);
  });

  test('a stop on a machine so busy that the last passages end late loses none of them', async () => {
    const camera = createCamera([0, 1, 2], true);
    const frames = async function* (signal: AbortSignal) {
      yield* camera.frames(signal);
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    const events: PlateEvent[] = [];
    await using images = await openFileImages(join(folder, 'images'));
    await using bus = await openInProcessBus();
    const subscription = { topic: 'plates', group: 'ingest', maxBatch: 10, maxWaitMs: 1 } as const;
    await using _ = await bus.subscribe(subscription, async (batch) => {
      events.push(...readContents(batch));
    });
    const pipeline = {
      observe: async () => NOTHING,
      end: async () => {
        // Longer than an event may wait for its disk after a stop.
        await new Promise((resolve) => setTimeout(resolve, 5500));
        const sightings = [createSighting({ text: 'LATE1' }), createSighting({ text: 'LATE2', passageId: 'p2' })];
        return { sightings, lost: [] };
      },
    };
    const cameras = [{ ...camera, frames }];
    const edge = await runEdge(createEdgeOptions({ cameras, createPipeline: () => pipeline, bus, images, folder }));
    await edge[Symbol.asyncDispose]();
    expect(events.map(({ plate }) => plate.text_raw)).toEqual(['LATE1', 'LATE2']);
  });

  test('its own temperature changes how certain it is, and nothing else', async () => {
    const candidates = [
      { text: 'AB12', p: 0.95 },
      { text: '4B12', p: 0.03 },
      { text: 'A812', p: 0.01 },
    ];
    const sighting = { ...createSighting({}), candidates };
    const pipeline = { observe: async () => NOTHING, end: async () => ({ sightings: [sighting], lost: [] }) };
    const read = async (settings: object) => (await runCamera(createCamera([0], false), pipeline, settings)).events[0];
    const [plain, tempered] = [await read({}), await read({ confidence_temperature: 2 })];
    expect(plain?.plate).toMatchObject({ confidence: 0.95, candidates });
    // The log-odds of 0.95 are 2.944; half of them are those of 0.8134. The others share what is left as before, 3 to 1.
    const p = [0.81339, 0.11196, 0.03732];
    expect(tempered?.plate).toEqual({
      ...plain?.plate,
      confidence: p[0],
      candidates: candidates.map(({ text }, index) => ({ text, p: p[index] })),
    });
  });

  test('a frame that cannot be processed is counted and the next one goes on', async () => {
    let seen = 0;
    const pipeline = endingPipeline(async () => {
      if (++seen === 2) throw new AlprError('INFERENCE_FAILED', 'the network failed');
      return NOTHING;
    });
    const { status, text } = await runCamera(createCamera([0, 1, 2, 3], false), pipeline);
    expect(status).toMatchObject({ frames_processed: 3, frames_dropped: { failed: 1 } });
    expect(text).toContain('alpr_frames_total{camera="gate",outcome="failed"} 1');
  });

  test('a passage that ends without a text is counted and leaves a look at its plate in the image store', async () => {
    const { best: look } = createSighting({});
    const lost = [{ trackId: 1, reason: 'too_small', light: 'day', look }] as const;
    const unplated = [{ light: 'night' }] as const;
    const pipeline = {
      observe: async () => ({ ...NOTHING, lost, unplated }),
      end: async () => ({ sightings: [], lost: [{ ...lost[0], reason: 'blur', light: 'night' }] as const }),
    };
    const { text, status } = await runCamera(createCamera([1, 2], false), pipeline);
    expect(text).toContain('alpr_passages_total{camera="gate",outcome="lost",reason="too_small",light="day"} 2');
    // It was still in sight when the source ended.
    expect(text).toContain('alpr_passages_total{camera="gate",outcome="lost",reason="blur",light="night"} 1');
    expect(status?.passages_lost).toBe(3);
    expect(text).toContain('alpr_passages_total{camera="gate",outcome="no_plate",reason="",light="night"} 2');
    const kept = await readdir(join(folder, 'images', 'home', 'gate', 'lost'));
    expect(kept).toEqual([`${look.capturedAt}-too_small-168-70.jpg`]);
  });

  test('every frame is processed or counted as dropped, with the reason', async () => {
    const slow = endingPipeline(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return NOTHING;
    });
    const { status } = await runCamera(createCamera([0, 1, 2, 3, 4, 8, 9], true), slow);
    const { queue = 0, late = 0 } = status?.frames_dropped ?? {};
    expect(late).toBe(3);
    expect((status?.frames_processed ?? 0) + queue + late).toBe(10);
  });

  test('the restarts that a camera counts come out as a metric', async () => {
    const { text } = await runCamera(
      createCamera([0], false),
      endingPipeline(async () => NOTHING),
    );
    expect(text).toContain('alpr_camera_restarts_total{camera="gate"} 2');
  });
});
