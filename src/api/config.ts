import { z } from 'zod';
import { readConfigSchema } from './read/config.ts';

const tlsSchema = z
  .strictObject({
    cert: z.string().min(1).default('tls/cert.pem').describe('Certificate with its chain (PEM).'),
    key: z.string().min(1).default('tls/key.pem').describe('Its private key (PEM).'),
  })
  .describe(
    'Serves HTTPS with these files, below the data folder unless absolute; `alpr tls create` makes them for a local network. Renewed files take effect without a restart.',
  );

const ADDRESS = /^(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f:]*:[0-9a-f:.]*)(?:\/\d{1,3})?$/i;
const origin = z.string().regex(/^https?:\/\/[^/?#\s*]+$/, 'expected an origin such as https://gate.example');

/** The address on which the API and the page answer. */
export const apiConfigSchema = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe(
        "Address to listen on. Any but this machine's own (127.0.0.1, ::1, localhost) needs `tls`, `trusted_proxies` or `published_on_loopback`.",
      ),
    port: z.int().min(0).max(65_535).default(8000).describe('TCP port; 0 takes any free one.'),
    tls: tlsSchema.optional(),
    trusted_proxies: z
      .array(z.string().regex(ADDRESS, 'expected an address or a network such as 10.0.0.0/24'))
      .default([])
      .describe(
        'Addresses or networks of reverse proxies that serve HTTPS in front of this server. `X-Forwarded-*` headers are accepted from them only.',
      ),
    published_on_loopback: z
      .boolean()
      .default(false)
      .describe(
        'Whether a container runtime publishes this port only on the loopback address of its host (`-p 127.0.0.1:8000:8000`). Plain HTTP is then answered under the names localhost and 127.0.0.1.',
      ),
    public_url: origin
      .optional()
      .describe(
        'Address where people open the page, such as https://alpr.example; requests for its host are accepted.',
      ),
    allowed_hosts: z
      .array(z.string().regex(/^[a-z0-9.-]+$/i, 'expected the name of a host'))
      .default([])
      .describe(
        'Further host names of this server. Requests for any other are refused, so no other site can pose as it.',
      ),
    cors_origins: z
      .array(origin)
      .default([])
      .describe('Other origins whose pages may use the API with a token. Their cookies are never accepted.'),
    requests_per_minute: z
      .int()
      .min(10)
      .max(1_000_000)
      .meta({ unit: 'requests' })
      .default(6000)
      .describe(
        'Maximum requests a minute from one person or token, or from one address without either. Raising it lets programs ask more often and loads the machine more.',
      ),
    drain_seconds: z
      .number()
      .min(0)
      .max(300)
      .meta({ unit: 'seconds' })
      .default(0)
      .describe(
        'Time for which requests are still answered after the program is told to stop, while `/health` already says 503. Raise it above the interval at which a load balancer checks `/health`; it delays every stop.',
      ),
    live_viewers: z
      .int()
      .min(1)
      .max(1000)
      .meta({ unit: 'streams' })
      .default(50)
      .describe('Most live streams served at once. Raising it lets more pages watch and costs memory for each.'),
    read: readConfigSchema,
  })
  .prefault({})
  .describe('The API and the page.');

export type ApiConfig = Readonly<z.infer<typeof apiConfigSchema>>;

/** Where people open the page, for links: `host` may stand for every address of the machine. */
export function pageAddress({ public_url, host, tls, allowed_hosts }: ApiConfig, port: number | string): string {
  const isEvery = host === '0.0.0.0' || host === '::';
  const name = isEvery ? (allowed_hosts[0] ?? '127.0.0.1') : host === '::1' ? 'localhost' : host;
  return public_url ?? `${tls ? 'https' : 'http'}://${name}:${port}`;
}
