import { readFileSync } from 'node:fs';
import { Client, errors } from '@opensearch-project/opensearch';
import { AlprError } from '../base/errors.ts';
import type { OpenSearchConfig } from './config.ts';

export type Answer<Body> = Readonly<{ status: number; body: Body }>;

/** A request to the REST API. `body` is sent as JSON, `lines` as one JSON document on each line. */
export type ClusterRequest = Readonly<{
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: object;
  lines?: readonly object[];
  /** Statuses that count as answers. */
  allow?: readonly number[];
}>;

/**
 * An OpenSearch cluster. SEARCH_UNAVAILABLE when it is away or blocked, SEARCH_OVERLOADED when a smaller request might
 * pass, SEARCH_REFUSED when it refuses.
 */
export interface Cluster extends AsyncDisposable {
  request<Body>(request: ClusterRequest): Promise<Answer<Body>>;
}

/** Opens the cluster that the configuration names; nothing is sent yet. */
export function openCluster(config: OpenSearchConfig): Cluster {
  const { username, password, tls } = config;
  const client = new Client({
    nodes: [...config.nodes],
    // One retry, because another node may answer; callers decide about more.
    maxRetries: config.nodes.length - 1,
    requestTimeout: config.request_timeout_ms,
    ...(username !== undefined && { auth: { username, password: password ?? '' } }),
    ssl: { rejectUnauthorized: tls.verify, ...(tls.ca_file !== undefined && { ca: readCertificates(tls.ca_file) }) },
  });
  return {
    async request<Body>({ method, path, query = {}, body, lines, allow = [] }: ClusterRequest): Promise<Answer<Body>> {
      try {
        const sent = lines
          ? { bulkBody: lines.map((line) => `${JSON.stringify(line)}\n`).join('') }
          : body
            ? { body }
            : {};
        const answer = await client.transport.request(
          { method, path, querystring: { ...query }, ...sent },
          { ignore: [...allow] },
        );
        return { status: answer.statusCode ?? 0, body: answer.body as unknown as Body };
      } catch (error) {
        throw nameFailure(error, `${method} ${path}`);
      }
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AlprError('CONFIG_INVALID', `Expected a file with certificates at search.tls.ca_file, ${file}`, {
      cause,
    });
  }
}

const AWAY = new Set([502, 503, 504]);
const OVERLOADED = new Set([413, 429]);

/** The client's errors contain the whole request with its password and data, which must not reach a log. */
function nameFailure(error: unknown, what: string): unknown {
  if (!(error instanceof errors.OpenSearchClientError)) return error;
  const cause = new Error(`${error.name}: ${error.message}`);
  if (error instanceof errors.ResponseError) {
    const status = error.statusCode ?? 0;
    const told = `${what} was answered with ${status}: ${error.message}`;
    // A block will be lifted: that of a full disk, or of an index that is being replaced.
    const away = AWAY.has(status) || error.message.includes('cluster_block_exception');
    if (OVERLOADED.has(status) && !away)
      return new AlprError('SEARCH_OVERLOADED', `Expected OpenSearch to manage a request, but ${told}`, { cause });
    return away
      ? new AlprError('SEARCH_UNAVAILABLE', `Expected OpenSearch to answer, but ${told}`, { cause })
      : new AlprError('SEARCH_REFUSED', `OpenSearch refused a request: ${told}`, { cause });
  }
  const code = error instanceof errors.TimeoutError ? 'SEARCH_OVERLOADED' : 'SEARCH_UNAVAILABLE';
  return new AlprError(code, `Expected an answer of OpenSearch to ${what}, got: ${error.message}`, { cause });
}
