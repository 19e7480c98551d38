import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';

test('The configuration of the Jetson is valid once its secrets are given, and decodes every camera by GStreamer', () => {
  const file = fileURLToPath(new URL('../../deploy/jetson/alpr.yaml', import.meta.url));
  const environment = {
    ALPR_BUS__SASL__PASSWORD: 'secret',
    ALPR_CAMERAS__0__PASSWORD: 'secret',
    ALPR_IMAGES__ACCESS_KEY_ID: 'key',
    ALPR_IMAGES__SECRET_ACCESS_KEY: 'secret',
  };
  const { cameras, bus } = loadConfig({ file, environment, settings: [] });
  expect(cameras.map((camera) => ('decoder' in camera ? camera.decoder : camera.kind))).toEqual(
    Array(6).fill('gstreamer'),
  );
  expect(bus.kind).toBe('kafka');
});
