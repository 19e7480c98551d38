import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function load(text: string, environment: Record<string, string> = {}, settings: string[] = []) {
  const file = join(folder, 'alpr.yaml');
  await writeFile(file, text);
  return loadConfig({ file, environment, settings });
}

describe('The configuration', () => {
  test('is complete without a file: one simulated camera on loopback', async () => {
    const config = await load('');
    expect(config.cameras).toMatchObject([{ kind: 'simulator', id: 'demo', fps: 10 }]);
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 8000 });
    expect(Object.isFrozen(config.cameras[0])).toBe(true);
  });

  test('takes the command line before the environment before the file', async () => {
    const file = 'site: {id: from-file}\nserver: {port: 1000}\nlog: {level: debug}';
    const environment = { ALPR_SITE__ID: 'from-environment', ALPR_SERVER__PORT: '2000', OTHER: 'x' };
    const config = await load(file, environment, ['server.port=3000']);
    expect(config).toMatchObject({ site: { id: 'from-environment' }, server: { port: 3000 }, log: { level: 'debug' } });
  });

  test('lets the environment give one camera its password', async () => {
    const file = 'cameras: [{id: gate, kind: rtsp, url: "rtsp://10.0.0.1/a", username: viewer}]';
    const config = await load(file, { ALPR_CAMERAS__0__PASSWORD: 's3cret' });
    expect(config.cameras[0]).toMatchObject({ id: 'gate', username: 'viewer', password: 's3cret' });
  });

  test.each([
    ['an unknown key', 'sever: {port: 1}', /sever: unknown key/],
    ['an unknown key below', 'server: {prot: 1}', /server\.prot: unknown key/],
    ['a port that is none', 'server: {port: 99999}', /server\.port:/],
    ['a camera of no kind', 'cameras: [{id: a, kind: radar}]', /cameras\.0/],
    ['two cameras of one id', 'cameras: [{id: a, kind: simulator}, {id: a, kind: simulator}]', /cameras\.1\.id/],
    ['an address that is none', 'cameras: [{id: a, kind: rtsp, url: "nonsense"}]', /cameras\.0\.url: expected rtsp/],
    ['half a detection', 'vision: {detector: {max_detections: 0.5}}', /vision\.detector\.max_detections:/],
    ['a weight above the whole', 'vision: {reader: {ctc_weight_long: 1.5}}', /vision\.reader\.ctc_weight_long:/],
    ['a probability above 1', 'vision: {passage: {min_readable: 2}}', /vision\.passage\.min_readable:/],
    ['an option by its name in the code', 'vision: {reader: {longText: 9}}', /vision\.reader\.longText: unknown key/],
    ['the age of events where it was', 'database: {retention_days: 9}', /it is privacy\.retention\.events_days now/],
    ['the age of pictures where it was', 'images: {retention_days: 9}', /it is privacy\.retention\.pictures_days now/],
    ['the age of the index where it was', 'search: {retention_days: 9}', /it is privacy\.retention\.events_days now/],
    ['text that is no YAML', 'a: [1, 2', /cannot be read/],
    ['a list where keys are expected', '- 1', /Expected keys and values/],
  ])('refuses %s and names the place', async (_, text, message) => {
    await expect(load(text)).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) });
  });

  test('never repeats a value in a complaint, for it may be a password', async () => {
    const file = 'cameras: [{id: a, kind: rtsp, url: "http://user:hunter2@x", password: 12345678}]';
    await expect(load(file)).rejects.toMatchObject({ message: expect.not.stringMatching(/hunter2|12345678/) });
  });

  test('refuses a setting that is no path=value', async () => {
    await expect(load('', {}, ['server.port'])).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test.each(['one-camera.yaml', 'four-cameras.yaml'])('accepts the example %s', (name) => {
    const config = loadConfig({ file: join(EXAMPLES, name), environment: {}, settings: [] });
    expect(config.cameras).toHaveLength(name.startsWith('one') ? 1 : 4);
  });
});
