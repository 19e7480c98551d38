import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readTruth } from '../../src/eval/truth.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-truth-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const writeLabels = (...rows: unknown[]) =>
  writeFile(join(folder, 'labels.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));

describe('Truth in labels.jsonl', () => {
  test('tells crops, scenes and clips apart', async () => {
    await writeLabels(
      { file: 'a.jpg', text: 'AB 12' },
      { file: 'b.jpg', plates: [{ box: [0, 0, 9, 9] }] },
      { file: 'c.mp4', plates: ['XY1', 'XY2'] },
      { file: 'd.jpg', vehicles: [{ box: [0, 0, 9, 9], cls: 'motorbike' }] },
    );
    const files = await readTruth(folder, {});
    expect(files.map(({ kind }) => kind)).toEqual(['crop', 'scene', 'clip', 'scene']);
    expect(files[0]?.plates).toEqual([{ text: 'AB12' }]);
    expect(files[2]?.plates).toEqual([{ text: 'XY1' }, { text: 'XY2' }]);
    expect(files[3]).toMatchObject({ hasPlateLabels: false, vehicles: [{ class: 'motorcycle' }] });
  });

  test('leaves out uncertain rows, and uncertain texts of pictures', async () => {
    await writeLabels(
      { file: 'a.jpg', text: 'A1', certain: false },
      { file: 'b.jpg', plates: [{ text: 'B1', certain: false, box: [0, 0, 9, 9] }] },
    );
    expect(await readTruth(folder, {})).toMatchObject([{ name: 'b.jpg', plates: [{ box: { x1: 9 } }] }]);
    expect((await readTruth(folder, {}))[0]?.plates[0]).not.toHaveProperty('text');
  });

  test('holds out by md5 of the text as it is compared: by Python’s hashlib 34A36837 is number 43, DP2983VQ number 7', async () => {
    await writeLabels({ file: 'a.jpg', text: '34A-36837' }, { file: 'b.jpg', text: 'DP 2983 VQ' });
    const held = async (heldOut: number) => (await readTruth(folder, { heldOut })).map(({ name }) => name);
    expect(await held(8)).toEqual(['b.jpg']);
    expect(await held(43)).toEqual(['b.jpg']);
    expect(await held(44)).toEqual(['a.jpg', 'b.jpg']);
  });

  test('makes boxes that are known to be loose smaller', async () => {
    await writeLabels({ file: 'a.jpg', text: 'A1', box: [100, 100, 200, 150] });
    const [file] = await readTruth(folder, { looseBox: [0.05, 0.08] });
    expect(file?.plates[0]?.box).toEqual({ x0: 105, y0: 104, x1: 195, y1: 146 });
  });

  test.each([
    ['not JSON', '{"file": ', /Line 1 of .* is not a label/],
    ['a row without a file', '{"text":"A"}', /Line 1 .* file/],
    ['a box of three numbers', '{"file":"a.jpg","plates":[{"box":[1,2,3]}]}', /Line 1 .* plates/],
    ['nothing at all', '\n\n', /nothing to measure .* no rows/],
  ])('says what is wrong with %s', async (_, text, message) => {
    await writeFile(join(folder, 'labels.jsonl'), text);
    await expect(readTruth(folder, {})).rejects.toThrow(message);
  });

  test('says when the options leave nothing', async () => {
    await writeLabels({ file: 'a.jpg', text: 'A1' });
    await expect(readTruth(folder, { split: 'val' })).rejects.toThrow(/options leave none/);
  });

  test('says what it looks for in a folder without truth', async () => {
    await expect(readTruth(folder, {})).rejects.toThrow(/labels.jsonl or truth.csv/);
  });
});

describe('Truth in truth.csv', () => {
  test('gathers the plates of a picture', async () => {
    await writeFile(
      join(folder, 'truth.csv'),
      'file,text,x0,y0,x1,y1\na.jpg,A1,0,0,9,9\na.jpg,B2\nb.jpg,C3,1,2,3,4\r\n',
    );
    const files = await readTruth(folder, {});
    expect(files.map(({ name, plates }) => [name, plates.map(({ text }) => text)])).toEqual([
      ['a.jpg', ['A1', 'B2']],
      ['b.jpg', ['C3']],
    ]);
  });

  test('is read as spreadsheets write it: quoted commas, quotes and line breaks, CRLF, a byte order mark', async () => {
    const lines = [
      'file,text,x0,y0,x1,y1',
      '"a, 2nd.jpg",A1,0,0,9,9',
      '"the ""b"".jpg", B2 ',
      '"c.jpg","C',
      '3"',
      '',
      'd.jpg',
    ];
    await writeFile(join(folder, 'truth.csv'), `\ufeff${lines.join('\r\n')}\r\n`);
    const files = await readTruth(folder, {});
    expect(files.map(({ name, plates }) => [name, plates[0]?.text])).toEqual([
      ['a, 2nd.jpg', 'A1'],
      ['the "b".jpg', 'B2'],
      ['c.jpg', 'C3'],
      ['d.jpg', undefined],
    ]);
    expect(files[0]?.plates[0]?.box).toEqual({ x0: 0, y0: 0, x1: 9, y1: 9 });
  });

  test.each([
    ['name,plate\na.jpg,A1', /first line .* file,text/],
    ['file,text,x0,y0,x1,y1\na.jpg,A1,0,0,9', /four numbers x0,y0,x1,y1 at .*:2/],
    ['file,text\n,A1', /Line 2 .* no file/],
    ['file,text\n\n"a\nb.jpg",A1\n,B2', /Line 5 .* no file/],
    ['file,text\na.jpg,"A1', /truth\.csv is not a table .* line/],
  ])('says what is wrong in %j', async (text, message) => {
    await writeFile(join(folder, 'truth.csv'), text);
    await expect(readTruth(folder, {})).rejects.toThrow(message);
  });
});
