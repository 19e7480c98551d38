import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { createErrorHandler } from '../../src/api/errors.ts';
import { AlprError, messageOf } from '../../src/base/errors.ts';
import { createLog } from '../../src/base/log.ts';
import { createEdgeMetrics } from '../../src/edge/metrics.ts';
import { UnsentSightings } from '../../src/edge/unsent.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { decodeAlpr } from '../../src/vision/detect/decode-alpr.ts';
import { checkImage } from '../../src/vision/image-check.ts';
import { createSighting } from '../edge/sightings.ts';

const log = createLog({ level: 'silent' });

/** Faults as vision itself throws them, with what docs/reference/errors.md says of their codes. */
const FAULTS = [
  { code: 'INFERENCE_FAILED', retry: true, http: 500, fail: decodeNothing },
  { code: 'IMAGE_INVALID', retry: false, http: 422, fail: checkNothing },
];

/** A network that gives no output. */
function decodeNothing(): void {
  const placement = { scale: 1, offsetX: 0, offsetY: 0 };
  decodeAlpr(undefined, { placement, width: 640, height: 384, classes: ['plate'], minScore: 0.5 });
}

function checkNothing(): void {
  checkImage({ kind: 'rgb24', width: 0, height: 0, data: new Uint8Array() });
}

describe.each(FAULTS)('$code thrown inside vision', ({ code, retry, http, fail }) => {
  test('is the one error of the system', () => {
    expect(fail).toThrow(AlprError);
    expect(fail).toThrow(expect.objectContaining({ code, retry }));
  });

  test('is answered with the HTTP status of its code', async () => {
    await using server = Fastify();
    server.setErrorHandler(createErrorHandler(log));
    server.get('/', async () => fail());
    const answer = await server.inject('/');
    expect([answer.statusCode, answer.json().code]).toEqual([http, code]);
  });

  test(`is ${retry ? 'tried again' : 'not tried again'} on the way to the spool`, async () => {
    let tries = 0;
    const send = async () => {
      tries += 1;
      if (tries === 1) fail();
      return undefined as never;
    };
    const unsent = new UnsentSightings({
      cameraId: 'gate',
      outbox: { send },
      metrics: createEdgeMetrics(new Telemetry()),
      log,
    });
    unsent.add(createSighting({}));
    await unsent.empty();
    expect(tries).toBe(retry ? 2 : 1);
  });
});

test.for([
  ['the message of an Error', new TypeError('Expected a plate'), 'Expected a plate'],
  ['a text as it is', 'no plate', 'no plate'],
  ['what is missing by its name', undefined, 'undefined'],
] as const)('A caught value says %s', ([, caught, message]) => {
  expect(messageOf(caught)).toBe(message);
});
