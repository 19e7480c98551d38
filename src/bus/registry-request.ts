import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { AlprError, messageOf } from '../base/errors.ts';
import type { RegistryConfig } from './config.ts';
import { readTlsOptions, type TlsOptions } from './tls.ts';

/** What the registry answered: its status and the parsed body. */
export type RegistryAnswer = Readonly<{ status: number; body: Readonly<Record<string, unknown>> }>;

/**
 * Sends one request of Confluent's API: `GET`, or another method with a body. REGISTRY_UNAVAILABLE when no usable
 * answer came.
 */
export type AskRegistry = (method: 'GET' | 'POST' | 'PUT', path: string, body?: object) => Promise<RegistryAnswer>;

const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json';

/** Creates requests to the configured registry. CONFIG_INVALID for a certificate that cannot be read. */
export async function createAskRegistry(config: RegistryConfig): Promise<AskRegistry> {
  const tls = config.tls && (await readTlsOptions(config.tls));
  const { username, password = '' } = config;
  const auth = username === undefined ? undefined : `${username}:${password}`;
  return async (method, path, body) => {
    try {
      const answer = await ask(new URL(config.url.replace(/\/$/, '') + path), { method, body, tls, auth, config });
      if (answer.status >= 500 || answer.status === 401 || answer.status === 403 || answer.status === 429) {
        throw new Error(`status ${answer.status}${describeBody(answer)}`);
      }
      return answer;
    } catch (cause) {
      const why = messageOf(cause);
      throw new AlprError('REGISTRY_UNAVAILABLE', `Expected an answer from the registry at ${config.url}: ${why}`, {
        cause,
      });
    }
  };
}

/** The registry's own explanation of a refusal, after a colon; empty if it gave none. */
export function describeBody({ body }: RegistryAnswer): string {
  return typeof body.message === 'string' ? `: ${body.message.slice(0, 500)}` : '';
}

type Question = Readonly<{
  method: string;
  body: object | undefined;
  tls: TlsOptions | undefined;
  auth: string | undefined;
  config: RegistryConfig;
}>;

async function ask(url: URL, { method, body, tls, auth, config }: Question): Promise<RegistryAnswer> {
  const headers = { accept: `${CONTENT_TYPE}, application/json`, ...(body && { 'content-type': CONTENT_TYPE }) };
  const signal = AbortSignal.timeout(config.timeout_ms);
  const options = { method, headers, signal, ...(auth !== undefined && { auth }), ...tls };
  const { promise, resolve, reject } = Promise.withResolvers<RegistryAnswer>();
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
    text(response)
      .then((body) => resolve({ status: response.statusCode ?? 0, body: parseBody(body) }))
      .catch(reject);
  });
  request.on('error', reject);
  request.end(body && JSON.stringify(body));
  return promise;
}

function parseBody(text: string): RegistryAnswer['body'] {
  const value: unknown = text === '' ? {} : JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
