import { openAsBlob } from 'node:fs';
import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { AlprError, messageOf } from '../../base/errors.ts';
import type { MlflowConfig } from './config.ts';
import { readLimited } from './read-limited.ts';

/** Requests to one MLflow server. MODEL_REGISTRY_UNAVAILABLE, MODEL_REGISTRY_REFUSED and NOT_FOUND say what came of each. */
export type Mlflow = Readonly<{
  /** A call of the REST API below `/api/2.0/mlflow/`; its answer must fit the schema. */
  ask<Answer>(call: Call<Answer>): Promise<Answer>;
  /** Stores a file under a path of the artifact proxy. */
  upload(path: string, file: string): Promise<void>;
  /** Bytes of an artifact from one on. */
  download(path: string, from: number): Promise<NodeJS.ReadableStream>;
  /** Whether there is an artifact of that name. */
  has(path: string): Promise<boolean>;
  /** Which version it says it is; undefined where a proxy hides that. */
  version(): Promise<string | undefined>;
}>;

type Call<Answer> = Readonly<{
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  fields: Readonly<Record<string, unknown>>;
  schema: z.ZodType<Answer>;
}>;

type Init = Omit<RequestInit, 'headers'> & Readonly<{ headers?: Readonly<Record<string, string>> }>;

const MOST_JSON_BYTES = 16_000_000;
/** A file may take this much longer for each byte, milliseconds: 20 kB a second. */
const MS_PER_BYTE = 1 / 20;

const listing = z.object({ files: z.array(z.object({ path: z.string() })).default([]) });
const problemSchema = z.object({ error_code: z.string().default(''), message: z.string().default('') });

/** Nothing is sent yet. */
export function createMlflow(config: MlflowConfig): Mlflow {
  const base = config.url.replace(/\/+$/, '');
  const authorization = authorize(config);
  const headers = { 'accept-encoding': 'identity', ...(authorization && { authorization }) };

  /** Resolves with an answer of status 2xx. */
  const send = async (path: string, init: Init): Promise<Response> => {
    const what = `${init.method ?? 'GET'} ${base}${path.replace(/\?.*/, '')}`;
    let response: Response;
    try {
      response = await fetch(`${base}${path}`, {
        redirect: 'manual',
        ...init,
        headers: { ...headers, ...init.headers },
      });
    } catch (error) {
      throw unavailable(what, describeFailure(error));
    }
    // Nothing comes after the end of a file.
    if (response.ok || (init.headers?.range !== undefined && response.status === 416)) return response;
    throw await explain(what, response);
  };
  const artifact = (path: string) =>
    `/api/2.0/mlflow-artifacts/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`;

  return {
    ask: async ({ method, path, fields, schema }) => {
      const signal = AbortSignal.timeout(config.timeout_ms);
      const address = `/api/2.0/mlflow/${path}`;
      const isGet = method === 'GET';
      const query = isGet ? `?${new URLSearchParams(asQuery(fields))}` : '';
      const body = isGet ? {} : { body: JSON.stringify(fields), headers: { 'content-type': 'application/json' } };
      const response = await send(`${address}${query}`, { method, signal, ...body });
      return readAnswer(`${method} ${base}${address}`, response, schema);
    },
    upload: async (path, file) => {
      const body = await openAsBlob(file);
      const signal = AbortSignal.timeout(Math.ceil(config.timeout_ms + body.size * MS_PER_BYTE));
      const type = { 'content-type': 'application/octet-stream' };
      const response = await send(artifact(path), { method: 'PUT', body, signal, headers: type });
      await response.body?.cancel();
    },
    download: async (path, from) => {
      const stop = new AbortController();
      const range = from > 0 ? { range: `bytes=${from}-` } : {};
      const wait = <T>(work: Promise<T>) => waitAtMost(config.timeout_ms, stop, work);
      const response = await wait(send(artifact(path), { signal: stop.signal, headers: range }));
      if (response.status === 416) {
        await response.body?.cancel();
        return Readable.from([]);
      }
      const skip = response.status === 206 ? 0 : from;
      return Readable.from(takeBytes({ what: `GET ${base}${artifact(path)}`, response, skip, wait, stop }));
    },
    has: async (path) => {
      const [folder, name] = [posix.dirname(path), posix.basename(path)];
      const address = `/api/2.0/mlflow-artifacts/artifacts?${new URLSearchParams({ path: folder })}`;
      const response = await send(address, { signal: AbortSignal.timeout(config.timeout_ms) });
      const { files } = await readAnswer(`GET ${base}${address}`, response, listing);
      return files.some((file) => posix.basename(file.path) === name);
    },
    version: async () => {
      const response = await fetch(`${base}/version`, {
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(config.timeout_ms),
      }).catch((error: unknown) => {
        throw unavailable(`GET ${base}/version`, describeFailure(error));
      });
      const text = response.ok ? (await readBody(`GET ${base}/version`, response, 10_000)).toString().trim() : '';
      return /^\d+\.\d+/.test(text) ? text : undefined;
    },
  };
}

function authorize({ username, password = '', token }: MlflowConfig): string | undefined {
  if (token !== undefined) return `Bearer ${token}`;
  return username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function asQuery(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}

async function readAnswer<Answer>(what: string, response: Response, schema: z.ZodType<Answer>): Promise<Answer> {
  const text = (await readBody(what, response, MOST_JSON_BYTES)).toString();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unavailable(what, `it is no JSON: ${text.slice(0, 80)}. Is that the address of an MLflow server?`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw unavailable(what, `it does not fit: ${z.prettifyError(parsed.error)}`);
}

async function readBody(what: string, response: Response, most: number): Promise<Buffer> {
  if (!response.body) return Buffer.alloc(0);
  try {
    return await readLimited(response.body, most);
  } catch (error) {
    const tooLong = error instanceof AlprError;
    throw unavailable(what, tooLong ? `it has more than ${most} bytes` : describeFailure(error));
  }
}

/** The error for an answer of another status than 2xx. */
async function explain(what: string, response: Response): Promise<AlprError> {
  const { status } = response;
  const text = (await readBody(what, response, 100_000).catch(() => '')).toString();
  const problem = problemSchema.safeParse(parseJson(text)).data;
  const said = (problem?.message || text).replaceAll(/\s+/g, ' ').slice(0, 300);
  if (status === 401 || status === 403) {
    const message = `Expected MLflow to take the credentials of models.registry (username and password, or token), but ${what} was answered with ${status}: ${said}`;
    return new AlprError('MODEL_REGISTRY_REFUSED', message);
  }
  if (problem?.error_code === 'RESOURCE_DOES_NOT_EXIST') {
    return new AlprError('NOT_FOUND', `MLflow did not find what ${what} asked for: ${said}`);
  }
  if (status >= 300 && status < 400) {
    const to = response.headers.get('location') ?? 'another address';
    return unavailable(what, `it leads to ${to}; give that address in models.registry.url`);
  }
  if (problem?.error_code && status < 500 && status !== 429) {
    return new AlprError('MODEL_REGISTRY_REFUSED', `MLflow refused ${what} with ${problem.error_code}: ${said}`);
  }
  return unavailable(what, `status ${status} came: ${said}`);
}

type Download = Readonly<{
  what: string;
  response: Response;
  /** Bytes that were asked for to be left out, but are there. */
  skip: number;
  wait: <T>(work: Promise<T>) => Promise<T>;
  stop: AbortController;
}>;

/** Ends with an error when no bytes come for as long as an answer may take. What the consumer takes its time for does not count. */
async function* takeBytes({ what, response, skip, wait, stop }: Download): AsyncGenerator<Uint8Array> {
  try {
    const reader = response.body?.getReader();
    let left = skip;
    while (reader) {
      const { done, value } = await wait(reader.read());
      if (done) return;
      if (value.length > left) yield value.subarray(left);
      left = Math.max(0, left - value.length);
    }
  } catch (error) {
    throw unavailable(what, describeFailure(error));
  } finally {
    stop.abort();
  }
}

async function waitAtMost<T>(ms: number, stop: AbortController, work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => stop.abort(new DOMException(`nothing came for ${ms} ms`, 'TimeoutError')), ms);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

function describeFailure(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no whole answer came in time (${error.message})`;
  return error instanceof Error && error.cause ? `${error.message}: ${messageOf(error.cause)}` : messageOf(error);
}

function unavailable(what: string, why: string): AlprError {
  return new AlprError('MODEL_REGISTRY_UNAVAILABLE', `Expected an answer from MLflow to ${what}, but ${why}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
