import { verify } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { signFolder } from '../../../src/models/registry/sign-folder.ts';
import { verifyFolder } from '../../../src/models/registry/version-files.ts';
import { parseSignature, requireTrusted, signFiles } from '../../../src/models/registry/version-signature.ts';
import { makeKey, makeModel, makeSigned, trust } from './make-version.ts';

const NOW = new Date('2026-11-30T10:00:00.000Z');
const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const key = makeKey();
const WEIGHTS = { path: 'model.onnx', bytes: 7, sha256: B };
const files = [WEIGHTS, { path: 'card.json', bytes: 3, sha256: A }];

describe('The signature of a version', () => {
  test('is Ed25519 over the lines that the guide shows', () => {
    const { signature, ...said } = signFiles(files, key, NOW);
    const lines = [
      'ovr-alpr model version 1',
      '2026-11-30T10:00:00.000Z',
      key.fingerprint,
      `${A} 3 card.json`,
      `${B} 7 model.onnx`,
      '',
    ];
    expect(said.fingerprint).toBe(key.fingerprint);
    expect(verify(null, Buffer.from(lines.join('\n')), key.publicKeyPem, Buffer.from(signature, 'base64'))).toBe(true);
  });

  test('counts for the key, the time and each file that it was made for', () => {
    const made = signFiles(files, key, NOW);
    requireTrusted(parseSignature(JSON.stringify(made)), trust(key));
    const [first = WEIGHTS, second = WEIGHTS] = made.files;
    const changes = [
      { signed_at: '2026-11-30T10:00:01.000Z' },
      { files: [first] },
      { files: [second, first] },
      { files: [first, { ...second, bytes: 8 }] },
      { files: [first, { ...second, path: 'other.onnx' }] },
      { signature: signFiles([WEIGHTS], key, NOW).signature },
    ];
    for (const change of changes) {
      expect(() => requireTrusted(parseSignature(JSON.stringify({ ...made, ...change })), trust(key))).toThrow(
        /was changed after the key/,
      );
    }
    expect(() => requireTrusted(made, trust(makeKey()))).toThrow(/is not in models\.registry\.trusted_keys/);
  });

  test.each([
    '../model.onnx',
    '/etc/passwd',
    'golden/../../model.onnx',
    'golden//output.json',
    'C:\\model.onnx',
    '.hidden',
    'a\nb',
    '',
    'x'.repeat(201),
  ])('refuses the path %j even where it was signed', (path) => {
    const made = signFiles([{ path, bytes: 1, sha256: A }], key, NOW);
    expect(() => parseSignature(JSON.stringify(made))).toThrow(expect.objectContaining({ code: 'MODEL_UNTRUSTED' }));
  });

  test('refuses a file twice, itself, no file, too many and one that is too large', () => {
    const file = WEIGHTS;
    const many = Array.from({ length: 501 }, (_, at) => ({ ...file, path: `f${at}` }));
    for (const list of [
      [file, { ...file, path: 'MODEL.onnx' }],
      [{ ...file, path: 'signature.json' }],
      [],
      many,
      [{ ...file, bytes: 5e9 }],
    ]) {
      expect(() => parseSignature(JSON.stringify(signFiles(list, key, NOW)))).toThrow(
        expect.objectContaining({ code: 'MODEL_UNTRUSTED' }),
      );
    }
  });
});

describe('A signed folder', () => {
  test('leaves the model as it is and has a card made of model.json', async () => {
    await using model = await makeModel('fresh', Buffer.from('weights'));
    await using signed = await signFolder(model.folder, key);
    await expect(readFile(join(model.folder, 'card.json'))).rejects.toMatchObject({ code: 'ENOENT' });
    const { files } = await verifyFolder(signed.folder, trust(key));
    expect(files).toHaveLength(4);
    const card = JSON.parse(await readFile(join(signed.folder, 'card.json'), 'utf8'));
    const manifest = JSON.parse(await readFile(join(model.folder, 'model.json'), 'utf8'));
    expect(card).toMatchObject({ data: manifest.data, metrics: manifest.metrics, licence: manifest.licence });
  });

  test('keeps a card of its own, and refuses that of another model', async () => {
    await using model = await makeModel('carded', Buffer.from('weights'));
    await using first = await signFolder(model.folder, key);
    const card = JSON.parse(await readFile(join(first.folder, 'card.json'), 'utf8'));
    await writeFile(join(model.folder, 'card.json'), JSON.stringify({ ...card, note: 'for the north gate' }));
    await using second = await signFolder(model.folder, key);
    expect(JSON.parse(await readFile(join(second.folder, 'card.json'), 'utf8'))).toMatchObject({
      note: 'for the north gate',
    });
    await writeFile(join(model.folder, 'card.json'), JSON.stringify({ ...card, weights_sha256: A }));
    await expect(signFolder(model.folder, key)).rejects.toThrow(/is the card of carded, aaaaaaaaaaaa/);
  });

  test.each([
    ['a file that was added', (folder: string) => writeFile(join(folder, 'extra.txt'), 'x'), /extra\.txt was added/],
    ['a changed file', (folder: string) => writeFile(join(folder, 'model.onnx'), 'others!'), /model\.onnx was changed/],
    ['a link', (folder: string) => symlink('/etc/passwd', join(folder, 'golden', 'link')), /found golden\/link/],
    ['no signature', (folder: string) => writeFile(join(folder, 'signature.json'), ''), /is not JSON/],
    [
      'a folder in place of a file',
      (folder: string) => mkdir(join(folder, 'odd name'), { recursive: true }),
      /found odd name/,
    ],
  ])('is refused with %s', async (_, change, message) => {
    await using signed = await makeSigned('broken', Buffer.from('weights'), key);
    await change(signed.folder);
    await expect(verifyFolder(signed.folder, trust(key))).rejects.toThrow(message);
  });
});
