import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { modelRegistryConfigSchema } from '../../../src/models/registry/config.ts';
import { openMlflowStore } from '../../../src/models/registry/mlflow.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** The real server is asked in mlflow.servers.ts; here stands what goes wrong on the way to it. */
describe('A server that should be MLflow', () => {
  let answer: Answer;
  let url: string;
  const server = createServer((request, response) => answer(request, response));
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    answer = sendJson({});
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const open = (given: object = {}) => {
    const config = modelRegistryConfigSchema.parse({ kind: 'mlflow', url, timeout_ms: 300, ...given });
    if (config.kind !== 'mlflow') throw new Error('expected mlflow');
    return openMlflowStore(config);
  };

  test.each<[string, Answer, string, RegExp]>([
    [
      'asks for a password',
      sendText(401, 'You are not authenticated.'),
      'REFUSED',
      /username and password.*401: You are/,
    ],
    ['forbids', sendJson({ error_code: 'PERMISSION_DENIED', message: 'no' }, 403), 'REFUSED', /403: no/],
    ['refuses', sendJson({ error_code: 'INVALID_PARAMETER_VALUE', message: 'odd' }, 400), 'REFUSED', /_VALUE: odd/],
    ['is overloaded', sendJson({ error_code: 'REQUEST_LIMIT_EXCEEDED' }, 429), 'UNAVAILABLE', /status 429/],
    ['fails', sendText(502, '<h1>Bad gateway</h1>'), 'UNAVAILABLE', /status 502 came: <h1>Bad gateway/],
    [
      'is another one',
      sendText(200, '<html>Welcome to nginx'),
      'UNAVAILABLE',
      /no JSON.*Is that the address of an MLflow/,
    ],
    ['is another one, without the path', sendText(404, 'Not Found'), 'UNAVAILABLE', /status 404/],
    ['answers oddly', sendJson({ registered_models: 7 }), 'UNAVAILABLE', /does not fit.*registered_models/s],
    ['leads elsewhere', redirect, 'UNAVAILABLE', /leads to https:\/\/elsewhere\/; give that address/],
    ['never answers', () => undefined, 'UNAVAILABLE', /no whole answer came in time/],
    ['never ends its answer', (_, response) => response.write('{'), 'UNAVAILABLE', /no whole answer came in time/],
    ['hangs up', (request) => request.socket.destroy(), 'UNAVAILABLE', /fetch failed/],
    ['answers without end', sendWithoutEnd, 'UNAVAILABLE', /more than 16000000 bytes/],
    ['turns pages for ever', sendJson({ next_page_token: 'more' }), 'UNAVAILABLE', /end its list after 100 pages/],
  ])('which %s, is named with what came', async (what, wrong, code, message) => {
    const timeout_ms = what.startsWith('never') ? 500 : 30_000;
    answer = (request, response) => (request.url === '/version' ? sendText(200, '3.1.0') : wrong)(request, response);
    await expect(open({ timeout_ms }).list()).rejects.toMatchObject({
      code: `MODEL_REGISTRY_${code}`,
      message: expect.stringMatching(message),
    });
  });

  test('which is away, is named with its address', async () => {
    await expect(open({ url: 'http://127.0.0.1:9' }).list()).rejects.toMatchObject({
      code: 'MODEL_REGISTRY_UNAVAILABLE',
      message: expect.stringContaining('http://127.0.0.1:9/'),
      retry: true,
    });
  });

  test('gets a name and password, or a token, and no error says them', async () => {
    const seen: (string | undefined)[] = [];
    answer = (request, response) => {
      seen.push(request.headers.authorization);
      sendText(401, 'no')(request, response);
    };
    const refused = await Promise.all([
      open({ username: 'edge', password: 'hidden-word' }).list().catch(String),
      open({ token: 'hidden-word' }).list().catch(String),
    ]);
    expect(seen).toContain(`Basic ${Buffer.from('edge:hidden-word').toString('base64')}`);
    expect(seen).toContain('Bearer hidden-word');
    expect(refused.join()).not.toContain('hidden-word');
  });

  describe('whose files', () => {
    const content = Buffer.from('0123456789');
    const place = 'mlflow-artifacts:/1/run/artifacts/version';
    const serve = (file: Answer): void => {
      answer = (request, response) => {
        if (request.url?.includes('get-download-uri')) return sendJson({ artifact_uri: place })(request, response);
        if (request.url !== '/api/2.0/mlflow-artifacts/artifacts/1/run/artifacts/version/model.onnx') {
          return sendText(404, request.url ?? '')(request, response);
        }
        return file(request, response);
      };
    };
    const read = async (from: number) => buffer(await open().read('alpr-read', '7', 'model.onnx', from));

    test('come from a byte on, whether it knows ranges or not', async () => {
      serve((_, response) => response.end(content));
      expect(String(await read(0))).toBe('0123456789');
      expect(String(await read(4))).toBe('456789');
      serve((request, response) => {
        expect(request.headers.range).toBe('bytes=4-');
        response.writeHead(206, { 'content-range': 'bytes 4-9/10' }).end(content.subarray(4));
      });
      expect(String(await read(4))).toBe('456789');
      serve((_, response) => response.writeHead(416, { 'content-range': 'bytes */10' }).end('too far'));
      expect(String(await read(10))).toBe('');
    });

    test.each<[string, Answer, RegExp]>([
      ['stall', (_, response) => response.write('01'), /nothing came for 300 ms/],
      ['break off', breakOff, /terminated|aborted|closed/],
      ['fail', sendText(500, 'disk'), /status 500 came: disk/],
    ])('which %s, end in an error', async (_, file, message) => {
      serve(file);
      await expect(read(0)).rejects.toMatchObject({
        code: 'MODEL_REGISTRY_UNAVAILABLE',
        message: expect.stringMatching(message),
      });
    });

    test('are asked for no longer than somebody reads', async () => {
      let closed = false;
      serve((_, response) => {
        response.on('close', () => {
          closed = true;
        });
        response.write(Buffer.alloc(1_000_000));
      });
      const stream = await open().read('alpr-read', '7', 'model.onnx', 0);
      for await (const _ of stream) break;
      await expect.poll(() => closed).toBe(true);
    });

    test('which lie elsewhere, cannot be had', async () => {
      answer = sendJson({ artifact_uri: 's3://models/7' });
      await expect(read(0)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining('s3://models/7. Start it with --serve-artifacts'),
      });
    });
  });
});

function sendJson(body: object, status = 200): Answer {
  return (_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendText(status: number, text: string): Answer {
  return (_, response) => response.writeHead(status, { 'content-type': 'text/html' }).end(text);
}

function redirect(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(302, { location: 'https://elsewhere/' }).end();
}

function breakOff(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-length': '10' });
  response.write('01', () => response.destroy());
}

function sendWithoutEnd(_: IncomingMessage, response: ServerResponse): void {
  const part = Buffer.alloc(1 << 20, ' ');
  const more = (): void => {
    if (!response.destroyed) response.write(part, more);
  };
  more();
}
