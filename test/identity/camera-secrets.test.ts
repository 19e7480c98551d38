import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { partSecrets, sealSecrets, unsealSecrets } from '../../src/identity/camera-secrets.ts';
import { openKeyFile } from '../../src/identity/key-file.ts';

const rtsp = (url: string, more: object = {}) => ({ kind: 'rtsp', id: 'gate', url, ...more });

describe('What nobody may see again of a camera', () => {
  test.each([
    [
      'its password',
      rtsp('rtsp://a/s', { username: 'root', password: 'pw' }),
      'rtsp://a/s',
      { username: 'root', password: 'pw' },
    ],
    [
      'credentials in its address',
      rtsp('rtsp://root:p%40:w@a:554/s'),
      'rtsp://a:554/s',
      { username: 'root', password: 'p@:w' },
    ],
    ['the query of its address', rtsp('rtsp://a/s?user=r&pwd=1'), 'rtsp://a/s?…', { url: 'rtsp://a/s?user=r&pwd=1' }],
    ['nothing, where there is nothing', rtsp('rtsp://a/s'), 'rtsp://a/s', {}],
  ])('is %s', (_, given, url, secrets) => {
    expect(partSecrets(given)).toEqual({ settings: { kind: 'rtsp', id: 'gate', url }, secrets });
  });

  const before = partSecrets(rtsp('rtsp://root:pw@a/s?c=1'));

  test('stays when it is left out, is replaced when it is given, and goes with null', () => {
    expect(partSecrets(rtsp('rtsp://a/s?…', { name: 'Gate' }), before)).toEqual({
      settings: { kind: 'rtsp', id: 'gate', url: 'rtsp://a/s?…', name: 'Gate' },
      secrets: { url: 'rtsp://a/s?c=1', username: 'root', password: 'pw' },
    });
    expect(partSecrets(rtsp('rtsp://a/other', { password: 'new' }), before).secrets).toEqual({
      username: 'root',
      password: 'new',
    });
    expect(partSecrets(rtsp('rtsp://a/s', { username: null, password: null }), before).secrets).toEqual({});
  });

  test('is not sent to another host', () => {
    expect(partSecrets(rtsp('rtsp://evil/s'), before).secrets).toEqual({});
    expect(partSecrets(rtsp('rtsp://a:8554/s'), before).secrets).toEqual({});
    expect(() => partSecrets(rtsp('rtsp://evil/s?…'), before)).toThrow(/whole address/);
  });

  test('is sealed so that this key alone opens it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'camera-secrets-'));
    const [ours, other] = await Promise.all(['a', 'b'].map((name) => openKeyFile(join(folder, name))));
    const sealed = sealSecrets({ password: 'pa55word' }, ours ?? expect.unreachable());
    expect(Buffer.from(sealed ?? '', 'base64').toString('latin1')).not.toContain('pa55word');
    expect(unsealSecrets(sealed, ours ?? expect.unreachable())).toEqual({ password: 'pa55word' });
    expect(() => unsealSecrets(sealed, other ?? expect.unreachable())).toThrow(/key_file/);
    await rm(folder, { recursive: true });
  });
});
