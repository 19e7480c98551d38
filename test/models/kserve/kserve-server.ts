import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Tensor } from '../../../src/vision/session.ts';
import type { Certificate } from '../../../tools/servers/certificate.ts';
import { openSession, readModelJson } from '../../vision/onnx-session.ts';

/** What the server does in place of answering a run; the answer that it would give is handed over. */
type Misdeed = (response: ServerResponse, answer: Readonly<{ head: Record<string, unknown>; tensors: Buffer }>) => void;

/** alpr-read behind KServe v2 over HTTP with binary tensors, written from the text of the protocol, on a port of 127.0.0.1. */
export async function openKServeServer(certificate?: Certificate) {
  const network = await openSession('alpr-read');
  const manifest = await readModelJson('alpr-read/model.json');
  const model = `alpr-read-${manifest.sha256.slice(0, 12)}`;
  const state = {
    url: '',
    model,
    isReady: true,
    runs: 0,
    token: undefined as string | undefined,
    width: 128,
    misdeed: undefined as Misdeed | undefined,
  };
  const describeModel = () => ({
    name: model,
    platform: 'onnxruntime_onnx',
    inputs: [{ name: 'plates', datatype: 'UINT8', shape: [-1, 64, state.width, 3] }],
    outputs: manifest.outputs.map(({ name, shape }: Readonly<{ name: string; shape: number[] }>) => ({
      name,
      shape,
      datatype: 'FP32',
    })),
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request);
    const say = (status: number, content: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
    if (state.token && request.headers.authorization !== `Bearer ${state.token}`) return say(401, { error: 'who?' });
    const path = request.url ?? '';
    if (path === '/v2') return say(200, { name: 'triton', version: '2.51.0', extensions: ['binary_tensor_data'] });
    if (path === '/v2/health/ready') return response.writeHead(state.isReady ? 200 : 503).end();
    if (!path.startsWith(`/v2/models/${model}`))
      return say(404, { error: "Request for unknown model: 'x' is not found" });
    if (path.endsWith('/ready')) return response.writeHead(state.isReady ? 200 : 400).end();
    if (!path.endsWith('/infer')) return say(200, describeModel());
    state.runs += 1;
    const length = Number(request.headers['inference-header-content-length']);
    const [input] = JSON.parse(body.subarray(0, length).toString()).inputs;
    const dims = input.shape as number[];
    const plates: Tensor = { type: 'uint8', dims, data: new Uint8Array(body.subarray(length)) };
    const outputs = Object.entries(await network.run({ [input.name]: plates }));
    const head = {
      model_name: model,
      model_version: '1',
      outputs: outputs.map(([name, { dims: shape, data }]) => ({
        ...{ name, datatype: 'FP32', shape, parameters: { binary_data_size: data.byteLength } },
      })),
    };
    const tensors = Buffer.concat(
      outputs.map(([, { data }]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
    );
    return (state.misdeed ?? sendTensors)(response, { head, tensors });
  };
  const take = (request: IncomingMessage, response: ServerResponse) => void answer(request, response);
  const server = certificate ? createSecureServer(certificate, take) : createServer(take);
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  state.url = `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`;
  const stop = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return Object.assign(state, {
    stop,
    restart: () => listen(port),
    [Symbol.asyncDispose]: async () => {
      await stop();
      await network[Symbol.asyncDispose]();
    },
  });
}

/** The usual answer. */
export function sendTensors(response: ServerResponse, { head, tensors }: Parameters<Misdeed>[1]): void {
  const json = Buffer.from(JSON.stringify(head));
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(json.length),
  });
  response.end(Buffer.concat([json, tensors]));
}
