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
      .describe('Bearer token, if the server asks for one; best set in the environment.'),
    ca_file: z
      .string()
      .min(1)
      .optional()
      .describe('File with the certificate authorities (PEM) to trust instead of the system’s.'),
    deadline_ms: z
      .int()
      .min(10)
      .max(60_000)
      .meta({ unit: 'milliseconds' })
      .default(2000)
      .describe(
        'Longest wait for one answer, after which the server counts as away. Raising it tolerates a slower server and notices a hanging one later.',
      ),
    when_away: z
      .enum(['wait', 'fail', 'local'])
      .default('fail')
      .describe(
        'What happens to a frame while the server is away. `fail`: it fails and is counted. `wait`: it waits up to `wait_ms`. `local`: this machine runs the network; the log, the metrics and each event say so.',
      ),
    wait_ms: z
      .int()
      .min(100)
      .max(600_000)
      .meta({ unit: 'milliseconds' })
      .default(5000)
      .describe(
        'How long a frame waits for the server if `when_away` says so. Raising it loses fewer frames of a video; a camera takes longer to stop while the server is away.',
      ),
  })
  .describe('An inference server that runs the networks; without it they run in this process.');

export type ModelServerConfig = Readonly<z.infer<typeof modelServerSchema>>;
