import { z } from 'zod';

/** The inference server that runs the networks in place of this machine. */
export const modelServerSchema = z
  .strictObject({
    url: z
      .string()
      .regex(
        /^(https?|grpcs?):\/\/[^\s@?#]+$/,
        'expected http://host:port, https://…, grpc://host:port or grpcs://…, without a password',
      )
      .describe(
        'Address of a server that speaks KServe v2, such as Triton: http (usually port 8000) or grpc (usually 8001); https and grpcs encrypt.',
      ),
    token: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .describe('Bearer token of each request, if the server asks for one; best given by the environment.'),
    ca_file: z
      .string()
      .min(1)
      .optional()
      .describe('File with the certificate authorities (PEM) to trust in place of those of the system.'),
    deadline_ms: z
      .int()
      .min(10)
      .max(60_000)
      .meta({ unit: 'milliseconds' })
      .default(2000)
      .describe(
        'Longest time for one answer; after it the server counts as away. Raising it bears a slower server, and notices later that one hangs.',
      ),
    when_away: z
      .enum(['wait', 'fail', 'local'])
      .default('fail')
      .describe(
        'What becomes of a frame while the server is away. `fail`: it is given up and counted. `wait`: it waits as long as `wait_ms`. `local`: this machine runs the network, which the log, the metrics and each event say.',
      ),
    wait_ms: z
      .int()
      .min(100)
      .max(600_000)
      .meta({ unit: 'milliseconds' })
      .default(5000)
      .describe(
        'How long a frame waits for the server, where `when_away` says so. Raising it loses fewer frames of a video, and stops a camera more slowly while the server is away.',
      ),
  })
  .describe('An inference server that runs the networks; without it they run in this process.');

export type ModelServerConfig = Readonly<z.infer<typeof modelServerSchema>>;
