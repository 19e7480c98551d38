import { describe, expect, test } from 'vitest';
import { addCredentials, createMask } from '../../src/camera/address.ts';

describe('Credentials of a stream', () => {
  test.for([
    [{ url: 'rtsp://cam/live', username: 'a', password: 'b' }, 'rtsp://a:b@cam/live'],
    [{ url: 'rtsp://cam:554/live', username: 'a', password: 'p@s/s:?' }, 'rtsp://a:p%40s%2Fs%3A%3F@cam:554/live'],
    [{ url: 'http://old:pass@cam/x', username: 'new', password: 'word' }, 'http://new:word@cam/x'],
    [{ url: 'rtsp://cam/live', username: 'only' }, 'rtsp://only@cam/live'],
    [{ url: 'rtsp://u:p@cam/live' }, 'rtsp://u:p@cam/live'],
    [{ url: 'http://cam/a@b', username: 'u', password: 'v' }, 'http://u:v@cam/a@b'],
  ] as const)('%j go into its url', ([address, url]) => {
    expect(addCredentials(address)).toBe(url);
  });

  test('are taken out of every text, in the url or alone, as they are or encoded', () => {
    const mask = createMask({ url: 'rtsp://cam/live', username: 'guard', password: 'p@ss word' });
    expect(mask("Input #0, rtsp, from 'rtsp://guard:p%40ss%20word@cam/live':")).toBe(
      "Input #0, rtsp, from 'rtsp://***@cam/live':",
    );
    expect(mask('tried p@ss word and p%40ss%20word')).toBe('tried *** and ***');
  });

  test('given in the url are hidden as well', () => {
    const mask = createMask({ url: 'rtsp://guard:sesame@cam/live' });
    expect(mask('rtsp://guard:sesame@cam/live: 401; sesame')).toBe('rtsp://***@cam/live: 401; ***');
  });
});
