import { expect, test } from 'vitest';
import { hideInText, hideSecrets } from '../../src/app/hide-secrets.ts';

test('No header, password or parameter that lets somebody in is shown', () => {
  const shown = JSON.stringify(
    hideSecrets({
      tracing: { headers: { 'x-honeycomb-team': 'Sesame', 'api-key': 'Sesame' } },
      cameras: [
        { url: 'rtsp://127.0.0.1/user=admin&password=Sesame&channel=1' },
        { url: 'http://admin:p@Sesame@127.0.0.1/video.cgi?user=admin&pwd=Sesame' },
      ],
      database: { url: 'postgres://alpr@127.0.0.1/alpr?sslmode=require&password=Sesame' },
    }),
  );
  expect(shown).not.toContain('Sesame');
  expect(shown).toContain('sslmode=require');
  expect(hideInText('http://h/x?monkey=1&keyframe=2 in 3 passages')).toBe(
    'http://h/x?monkey=1&keyframe=2 in 3 passages',
  );
});
