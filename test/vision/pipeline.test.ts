import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/vision/frame.ts';
import type { RegionKnowledge } from '../../src/vision/regions/region-answer.ts';
import { type Actor, drive, placePlate, playScene } from './scene.ts';

describe('CameraPipeline', () => {
  it('makes one passage of one vehicle: provisional while it goes by, final when it is gone', async () => {
    const { sightings, finals } = await playScene([drive('AB12345', 5, 30)], 60);
    expect(finals.map(({ text, framesRead }) => [text, framesRead > 2])).toEqual([['AB12345', true]]);
    expect(sightings[0]).toMatchObject({
      status: 'provisional',
      revision: 1,
      passageId: finals[0]?.passageId,
      cameraId: 'gate',
    });
    expect(sightings.map(({ revision }) => revision)).toEqual(sightings.map((_, index) => index + 1));
    expect(finals[0]).toMatchObject({ firstSeenAt: 1_000_500, lastSeenAt: 1_002_900, stationary: false });
  });

  it('asks for the words of a plate on its first look, and again where a look is half as good again', async () => {
    const known: boolean[] = [];
    // It comes nearer: from 12 to 36 pixels of height.
    const growing: Actor = (n) => (n < 25 ? { box: placePlate(60 + 4 * n, 100, 12 + n), text: 'AB12345' } : undefined);
    await playScene([growing], 40, {}, undefined, undefined, (own) => ({
      ...own,
      reader: {
        ...own.reader,
        read: (looks) => {
          known.push(...looks.map(({ wordsKnown }) => wordsKnown ?? false));
          return own.reader.read(looks);
        },
      },
    }));
    expect(known[0]).toBe(false);
    expect(known.filter((isKnown) => !isKnown).length).toBeGreaterThan(1);
    expect(known.filter((isKnown) => isKnown).length).toBeGreaterThan(1);
  });

  it('sends the final only after the gap in which a track may be taken up again', async () => {
    const { observations } = await playScene([drive('AB12345', 0, 20)], 60);
    const at = observations.findIndex(({ sightings }) => sightings.some(({ status }) => status === 'final'));
    // Last seen in frame 19; 1,500 ms are fifteen frames.
    expect(at).toBe(35);
  });

  it('takes up a broken track far from where it was lost', async () => {
    const before = drive('AB12345', 0, 12);
    const after = (n: number) =>
      n >= 22 && n < 36 ? { box: placePlate(500, 20 + n * 5), text: 'AB12345' } : undefined;
    const { finals, sightings } = await playScene([before, after], 80);
    expect(finals).toHaveLength(1);
    expect(new Set(sightings.map(({ passageId }) => passageId)).size).toBe(1);
    expect(new Set(sightings.map(({ firstSeenAt }) => firstSeenAt)).size).toBe(1);
    expect(finals[0]?.lastSeenAt).toBe(1_003_500);
  });

  it('takes up a broken track whose first looks are misread', async () => {
    const before = drive('AB12345', 0, 12);
    const after = (n: number) => {
      const text = n < 25 ? 'A812346' : 'AB12345';
      return n >= 22 && n < 40 ? { box: placePlate(500, 20 + n * 5), text } : undefined;
    };
    const { finals, sightings } = await playScene([before, after], 80);
    expect(finals.map(({ text }) => text)).toEqual(['AB12345']);
    expect(new Set(sightings.map(({ passageId }) => passageId)).size).toBe(1);
  });

  it('keeps vehicles apart that go by together or after one another', async () => {
    const { finals } = await playScene(
      [drive('AB12345', 0, 25), drive('XY98765', 3, 28, 15, 60), drive('QQ55511', 30, 50)],
      90,
    );
    expect(finals.map(({ text }) => text).sort()).toEqual(['AB12345', 'QQ55511', 'XY98765']);
  });

  it('keeps two vehicles with nearly the same plate apart while both are in sight', async () => {
    const { finals } = await playScene([drive('AB12345', 0, 25), drive('AB12346', 0, 25, 15, 60)], 60);
    expect(finals.map(({ text }) => text).sort()).toEqual(['AB12345', 'AB12346']);
  });

  it('follows a plate that moves by more than its width between frames', async () => {
    const { finals, observations } = await playScene([drive('AB12345', 2, 7, 120)], 40);
    expect(finals.map(({ text }) => text)).toEqual(['AB12345']);
    expect(new Set(observations.flatMap(({ tracks }) => tracks.map(({ id }) => id))).size).toBe(1);
  });

  it('makes one passage of a parked car, reads it rarely and hardly looks', async () => {
    const hidden = (n: number) => n > 200 && n < 300;
    const parked = (n: number) =>
      n >= 5 && n < 600 && !hidden(n) ? { box: placePlate(200, 200), text: 'AB12345' } : undefined;
    const { finals, sightings, read, detected } = await playScene([parked], 1000);
    expect(finals).toHaveLength(1);
    expect(finals[0]).toMatchObject({ text: 'AB12345', stationary: true });
    expect(sightings.length).toBeLessThan(5);
    expect(read).toBeLessThan(25);
    expect(detected).toBeLessThan(200);
  });

  it('outvotes a wrong look and shows a frame whose own reading is the text', async () => {
    const text = (n: number) => (n === 6 || n === 9 ? 'A812345' : 'AB12345');
    const actor = (n: number) =>
      n >= 5 && n < 25
        ? { box: placePlate(20 + n * 15, 200), text: text(n), confidence: n === 6 ? 0.99 : 0.8 }
        : undefined;
    const { finals, frames, sightings } = await playScene([actor], 60);
    expect(finals[0]).toMatchObject({ text: 'AB12345', framesRejected: { outvoted: 2 } });
    for (const { best } of sightings) expect(best.image).toBe(frames[best.sequence]?.image);
    expect(finals.map(({ best }) => [best.text, text(best.sequence)])).toEqual([['AB12345', 'AB12345']]);
  });

  it('names the vehicle around the plate by what most looks saw, with its place in the best look', async () => {
    const around = (n: number) => ({ x0: n * 15 - 60, y0: 60, x1: n * 15 + 220, y1: 260 });
    const actor = (n: number) => {
      if (n < 5 || n >= 25) return undefined;
      const vehicle = { box: around(n), class: n === 8 ? 'truck' : 'car', score: 0.8 } as const;
      return { box: placePlate(20 + n * 15, 200), text: 'AB12345', ...(n % 2 === 0 ? { vehicle } : {}) };
    };
    const { finals } = await playScene([actor, drive('XY98765', 5, 25, 15, 300)], 60);
    const [seen, alone] = finals.toSorted((a, b) => (a.text < b.text ? -1 : 1));
    // Ten looks saw a vehicle, nine of them a car: 0.8 × 9 / 10.
    expect(seen?.vehicle?.class).toBe('car');
    expect(seen?.vehicle?.score).toBeCloseTo(0.72, 6);
    const place = seen?.best.sequence ?? Number.NaN;
    expect(place % 2 === 0 ? around(place) : undefined).toEqual(seen?.vehicle?.box);
    expect(alone?.text).toBe('XY98765');
    expect(alone?.vehicle).toBeUndefined();
  });

  it('waits for whole looks at a plate that enters the picture cut off', async () => {
    const actor = (n: number) =>
      n < 20
        ? { box: { x0: n < 4 ? 0 : n * 10, y0: 100, x1: 60 + n * 10, y1: 125 }, text: n < 4 ? '12345' : 'AB12345' }
        : undefined;
    const { sightings } = await playScene([actor], 50);
    expect(new Set(sightings.map(({ text }) => text))).toEqual(new Set(['AB12345']));
  });

  it('goes on when the stream begins anew and counts its time from zero', async () => {
    const restart = (frame: Frame) => ({
      ...frame,
      mediaTime: frame.sequence < 30 ? frame.mediaTime : (frame.sequence - 30) * 100,
    });
    const { observations } = await playScene([drive('AB12345', 10, 29), drive('XY98765', 40, 60)], 100, {}, restart);
    const finals = observations.flatMap(({ sightings }) => sightings.filter(({ status }) => status === 'final'));
    expect(finals.map(({ text }) => text)).toEqual(['AB12345', 'XY98765']);
  });

  it('takes no sighting from a flicker, from guesses or from fragments, and says what was lost', async () => {
    const flicker = (n: number) =>
      n === 10 ? { box: placePlate(400, 50), text: 'ZZ99999', confidence: 0.6 } : undefined;
    const guesses = (n: number) =>
      n > 5 && n < 20 ? { box: placePlate(100, 50), text: `Q${n}77`, confidence: 0.1 } : undefined;
    const fragment = (n: number) => (n > 5 && n < 20 ? { box: placePlate(100, 250), text: 'A1' } : undefined);
    const { sightings, observations } = await playScene([flicker, guesses, fragment], 60);
    expect(sightings).toEqual([]);
    expect(observations.flatMap(({ lost }) => lost)).toHaveLength(2);
  });

  it('says why: too small, and nothing to read', async () => {
    const small = (n: number) => (n < 15 ? { box: placePlate(100 + n * 5, 50, 7), text: 'AB12345' } : undefined);
    const empty = (n: number) => (n < 15 ? { box: placePlate(100 + n * 5, 250), text: '' } : undefined);
    const { sightings, observations, read } = await playScene([small, empty], 60);
    expect(sightings).toEqual([]);
    // Six tries, then one every 400 ms: frames 0–5, 9 and 13.
    expect(read).toBe(8);
    const lost = observations
      .flatMap(({ lost }) => lost)
      .toSorted((a, b) => (a.reason < b.reason ? -1 : 1))
      .map(({ reason, look }) => [reason, look?.text, look?.box.y0]);
    // Each with its best look, by which a person sees why.
    expect(lost).toEqual([
      ['empty', '', 250],
      ['too_small', '', 50],
    ]);
  });

  it('keeps a passage alive on weak detections but does not read them', async () => {
    const actor = (n: number) =>
      n < 20 ? { box: placePlate(100 + n * 5, 50), text: 'AB12345', score: n < 4 ? 0.9 : 0.25 } : undefined;
    const { finals } = await playScene([actor], 60);
    expect(finals).toHaveLength(1);
    expect(finals[0]).toMatchObject({
      framesRead: 3,
      framesRejected: { low_score: 16, throttled: 1 },
      lastSeenAt: 1_001_900,
    });
  });

  it('does not run the detector while nothing moves, but looks every two seconds', async () => {
    const { observations, detected } = await playScene([], 100);
    expect(detected).toBe(5);
    expect(observations.filter(({ gated }) => gated)).toHaveLength(95);
  });

  it('gives the same Sightings twice', async () => {
    const play = () => playScene([drive('AB12345', 0, 25), drive('XY98765', 3, 28, 15, 60)], 60);
    const [first, second] = [await play(), await play()];
    const withoutPictures = ({ sightings }: typeof first) =>
      sightings.map(({ best: { image: _, ...best }, ...rest }) => ({ ...rest, best }));
    expect(withoutPictures(second)).toEqual(withoutPictures(first));
  });

  it('ends what is still in sight when the stream is over', async () => {
    const { finals } = await playScene([drive('AB12345', 0, 100, 2)], 30);
    expect(finals.map(({ text }) => text)).toEqual(['AB12345']);
  });

  it('keeps at most 32 points of the way, the first and the last among them', async () => {
    const { finals } = await playScene([drive('AB12345', 0, 250, 2)], 300);
    const times = finals[0]?.path.map(({ t }) => t) ?? [];
    expect(times.length).toBeLessThanOrEqual(32);
    expect([times[0], times.at(-1)]).toEqual([0, 24_900]);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});

describe('a plate that comes out from behind something', () => {
  it('is sent once it is out, and never as the part of it that was seen first', async () => {
    // As a car at a toll gate: 126, then A23126, then the whole.
    const looks = [
      { width: 34, text: '126', confidence: 0.02 },
      { width: 74, text: 'A23126', confidence: 0.995 },
    ];
    const car: Actor = (n) => {
      if (n >= 20) return undefined;
      const { width, ...said } = looks[n] ?? { width: 100, text: '34A23126', confidence: 0.995 };
      const right = 300 + 10 * n;
      return { box: { x0: right - width, y0: 200, x1: right, y1: 230 }, ...said };
    };
    const { sightings } = await playScene([car], 50);
    expect(sightings[0]).toMatchObject({ status: 'provisional', text: '34A23126' });
    expect(new Set(sightings.map(({ text }) => text))).toEqual(new Set(['34A23126']));
  });
});

describe('lettering on a vehicle', () => {
  const lorries = Array.from({ length: 30 }, (_, n) => {
    return { box: { x0: 5 * n, y0: 40, x1: 300 + 5 * n, y1: 300 }, class: 'truck', score: 0.9 } as const;
  });
  const on =
    (text: string, x: number, y: number, height: number): Actor =>
    (n) => {
      const vehicle = lorries[n];
      return (
        vehicle && {
          box: placePlate(x + 5 * n, y, height),
          text,
          confidence: text === 'AB12345' ? 0.97 : 0.96,
          vehicle,
        }
      );
    };
  const regions: RegionKnowledge = {
    variants: { minCharShare: 1, maxVariants: 1 },
    judge: ({ candidates }) => ({ candidates, matchesFormat: candidates[0]?.text !== 'SCANIA' }),
    words: new Map(),
  };

  it.each([
    ['a sticker, smaller than the plate, is no event', on('8090', 220, 240, 9), ['AB12345']],
    ['a word that fits no numbering is no event', on('SCANIA', 60, 80, 40), ['AB12345']],
    ['the plate of a trailer, as high and as sure, is one', on('XY98765', 180, 180, 28), ['AB12345', 'XY98765']],
  ])('%s', async (_, other, texts) => {
    const { finals, sightings, observations } = await playScene([other, on('AB12345', 80, 240, 30)], 60, { regions });
    expect(finals.map(({ text }) => text).toSorted()).toEqual(texts);
    expect(new Set(sightings.map(({ text }) => text)).size).toBe(texts.length);
    expect(observations.flatMap(({ lost }) => lost)).toEqual([]);
  });
});
