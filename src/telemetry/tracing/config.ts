import { z } from 'zod';

/** Where traces go, and of which passages there are any. */
export const tracingConfigSchema = z
  .strictObject({
    endpoint: z
      .url({ protocol: /^https?$/, error: 'expected http://host:port or https://host:port' })
      .optional()
      .describe(
        'Address of a server that takes OTLP, such as Tempo, Jaeger or the OpenTelemetry Collector; https encrypts. Without it there are no traces, and the libraries for them are not loaded.',
      ),
    protocol: z
      .enum(['grpc', 'http'])
      .default('grpc')
      .describe('How spans are sent: gRPC (usually port 4317), or protobuf over HTTP (usually port 4318).'),
    headers: z
      .record(z.string().regex(/^[a-z0-9-]{1,64}$/, 'expected small letters, digits and hyphens'), z.string().max(4096))
      .default({})
      .describe(
        'Headers of each request, such as a token for the server; never shown, and best given by the environment.',
      ),
    share: z
      .number()
      .min(0)
      .max(1)
      .meta({ unit: 'share' })
      .default(0.1)
      .describe(
        'Share of passages and requests that is traced; what is slow or fails always is. Raising it shows more and costs more. Use the same in all processes.',
      ),
    max_per_second: z
      .int()
      .min(1)
      .max(100_000)
      .meta({ unit: 'traces per second' })
      .default(10)
      .describe(
        'Most traces of the share that a process begins in a second, and at once; what is slow or fails comes on top. Raising it shows more of the busiest minutes, in which tracing costs most.',
      ),
    slow_ms: z
      .int()
      .min(100)
      .max(3_600_000)
      .meta({ unit: 'milliseconds' })
      .default(10_000)
      .describe(
        'Time from the last look at a vehicle to the next stage of its event after which the passage counts as slow. Raising it traces fewer passages.',
      ),
    slow_request_ms: z
      .int()
      .min(1)
      .max(600_000)
      .meta({ unit: 'milliseconds' })
      .default(1000)
      .describe('Time after which a request to the API counts as slow. Raising it traces fewer requests.'),
    ui_url: z
      .string()
      .regex(/^https?:\/\/\S*\{trace_id\}\S*$/, 'expected an http address with {trace_id} in it')
      .optional()
      .describe(
        'Address at which people look at a trace, with `{trace_id}` in place of its id, such as `http://127.0.0.1:16686/trace/{trace_id}` of Jaeger. The way of an event then has a link to its trace.',
      ),
  })
  .prefault({})
  .describe('Traces: what was done for each passage, and when.');

export type TracingConfig = Readonly<z.infer<typeof tracingConfigSchema>>;
