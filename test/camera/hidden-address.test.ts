import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { hideAddress } from '../../src/camera/hidden-address.ts';
import { openWith, takeFrames } from './cameras.ts';
import { readClip } from './rtsp-clip.ts';
import { RtspServer } from './rtsp-server.ts';

const clip = readClip(new URL('./fixtures/road-320x180.h264', import.meta.url));

/** Arguments of all programs that this machine runs, as `ps` shows them. */
async function listArguments(): Promise<readonly string[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(processes.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
}

describe('The password of a camera', () => {
  test.skipIf(process.platform !== 'linux').for([
    [
      'its field',
      (port: number) => ({ url: `rtsp://127.0.0.1:${port}/live`, username: 'guard', password: 'p@ss-7261' }),
    ],
    ['its address', (port: number) => ({ url: `rtsp://guard:p%40ss-7261@127.0.0.1:${port}/live` })],
    ['a query', (port: number) => ({ url: `rtsp://guard:p%40ss-7261@127.0.0.1:${port}/live?pw=ss-7261` })],
  ] as const)('given in %s lets it in, and no program has it in its arguments', async ([, addressOf]) => {
    const auth = { scheme: 'digest', username: 'guard', password: 'p@ss-7261' } as const;
    await using server = await RtspServer.open({ clip, auth });
    const { camera } = await openWith({ kind: 'rtsp', ...addressOf(server.port) });
    await using _ = camera;
    let seen: readonly string[] = [];
    let listing: Promise<void> | undefined;
    const { frames } = await takeFrames(camera, (taken) => {
      listing ??= listArguments().then((all) => {
        seen = all;
      });
      return taken.length >= 5 && seen.length > 0;
    });
    await listing;
    expect(frames.length).toBeGreaterThanOrEqual(5);
    expect(seen.filter((text) => text.includes('showinfo')).length).toBeGreaterThan(0);
    expect(seen.filter((text) => text.includes('ss-7261'))).toEqual([]);
  });

  test('is told to RTSP and to HTTP by a redirection, and only as long as the address is open', async () => {
    const address = { url: 'http://192.0.2.1/a/b.mjpg?x=1', username: 'guard', password: 'secret' };
    const hidden = await hideAddress(address);
    expect(hidden.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/a\/b\.mjpg$/);
    const { status, headers } = await fetch(hidden.url, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([302, 'http://guard:secret@192.0.2.1/a/b.mjpg?x=1']);
    await hidden[Symbol.asyncDispose]();
    await expect(fetch(hidden.url)).rejects.toThrow();
  });

  test('is not there: the address stays as it is', async () => {
    await using hidden = await hideAddress({ url: 'rtsp://192.0.2.1/live' });
    expect(hidden.url).toBe('rtsp://192.0.2.1/live');
  });
});
