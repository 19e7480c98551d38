import { type ModelList, modelListSchema, type ShadowAnswer, shadowSchema } from '../../src/contract/api/models.ts';

const READER = 'alpr-read@6dc2407ffc7f';
const CHALLENGER = 'alpr-read@1f08c3d9b2aa';
const FIGURES = { compared: 4_120, differing: 311, reviewed: 241, reader_right: 81, challenger_right: 152 };

/** Two versions of the reader, one older that was rolled back, and what the edges run. */
export function createModels(now: number): ModelList {
  const before = (days: number) => new Date(now - days * 86_400_000).toISOString();
  const card = {
    model_version: '0.5.0',
    task: 'read',
    licence: 'Apache-2.0',
    trained_from: 'alpr-read 0.4.1',
    data: [
      { name: 'ocr-world', licence: 'Apache-2.0 and MIT photos, own labels', sha256: '399b52ff4e84'.padEnd(64, '0') },
      { name: 'corrections', licence: 'own', sha256: null },
    ],
    metrics: ['exact', 'exact, heads mixed', 'exact, O=0 and I=1', 'characters'].map((metric, index) => ({
      ...{ set: 'ocr-world (held-out texts)', metric, value: 0.979 + index / 1000, n: 491 },
    })),
  };
  const plain = { model: 'alpr-read', aliases: [], canary_cameras: [], rolled_back_at: null, fault: null, card };
  const report = { site_id: 'home', reported_at: before(0), is_silent: false };
  return modelListSchema.parse({
    registry: 'folder',
    versions: [
      {
        ...{ ...plain, version: '3', id: CHALLENGER, created_at: before(2), aliases: ['challenger'], bytes: 6_405_877 },
        ...{ canary_cameras: ['gate'], champion_at: null, card: { ...card, model_version: '0.6.0' } },
      },
      {
        ...{ ...plain, version: '2', id: READER, created_at: before(40), aliases: ['champion'], bytes: 6_405_877 },
        champion_at: before(39),
      },
      {
        ...{ ...plain, version: '1', id: 'alpr-read@b259c86f9d3a', created_at: before(90), bytes: 6_405_877 },
        ...{ champion_at: before(60), rolled_back_at: before(50), card: null, fault: 'no trusted key has signed it' },
      },
    ],
    fleet: [
      {
        ...{ ...report, service: 'edge', instance: 'gatehouse-412' },
        models: [
          { model: READER, kind: 'reader', provider: 'cpu', cameras: 'all' },
          { model: 'alpr-detect@5f1c09ad33be', kind: 'detector', provider: 'cpu', cameras: 'all' },
          { model: CHALLENGER, kind: 'challenger', provider: 'cpu', cameras: 'all' },
        ],
        model_versions: [{ kind: 'reader', model: READER, version: '2', state: 'running', reason: '' }],
      },
      {
        ...{ ...report, service: 'edge', instance: 'yard-77', is_silent: true },
        models: [{ model: READER, kind: 'reader', provider: 'cuda', cameras: 'chosen' }],
        model_versions: [],
      },
    ],
    decisions: [
      {
        at: before(1),
        model: 'alpr-read',
        version: '3',
        action: 'canary',
        cameras: ['gate'],
        by: 'ada',
        figures: null,
      },
      {
        ...{ at: before(39), model: 'alpr-read', version: '2', action: 'promote', cameras: [], by: null },
        figures: { ...FIGURES, p: 0.0000042, verdict: 'better' },
      },
    ],
    rule: { automatic: false, min_reviewed: 200, p: 0.05, canary_hours: 24 },
  });
}

/** A challenger that reads better, with reads of each kind. */
export function createShadow(now: number): ShadowAnswer {
  const pair = { reader: READER, challenger: CHALLENGER, compared: 4_120, differing: 311 };
  const newest = { ...pair, newest_at: new Date(now).toISOString() };
  const group = (by: string, name: string, part: number) => ({
    ...{ by, name, compared: Math.round(4_120 * part), differing: Math.round(311 * part) },
    ...{ reviewed: Math.round(241 * part), reader_right: Math.round(81 * part) },
    challenger_right: Math.round(152 * part),
  });
  const said = [
    ['KA64XRT', 'KA64XR7', 'KA64XRT', 'reader'],
    ['AB8X1C9', 'ABBX1C9', 'ABBX1C9', 'challenger'],
    ['MK21OUV', 'MK210V', 'MK21QUV', 'neither'],
    ['LN70PQS', 'LN7OPQS', null, null],
    ['GR55ZKM', '', null, null],
  ] as const;
  return shadowSchema.parse({
    pairs: [newest],
    pair: newest,
    judgement: { ...FIGURES, p: 0.0000042, verdict: 'better' },
    groups: [
      ...[
        group('camera', 'gate', 0.7),
        group('camera', 'yard', 0.3),
        group('region', 'gb', 0.9),
        group('region', '', 0.1),
      ],
      ...[group('length', '7', 0.8), group('length', '6', 0.2), group('confidence', '0.9', 0.6)],
    ],
    differences: said.map(([reader, challenger, truth, right], number) => ({
      event_id: `01990000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`,
      ...{ site_id: 'home', camera_id: 'gate', camera_name: 'Main gate', region: 'gb', truth, right },
      detected_at: new Date(now - number * 3_600_000).toISOString(),
      picture: { key: `generated/${reader.toLowerCase()}/plate.jpg`, w: 132, h: 40 },
      reader: { text: reader, confidence: right === null ? 0.93 : null },
      challenger: { text: challenger, confidence: challenger === '' ? 0 : 0.97 },
    })),
    next: null,
  });
}
