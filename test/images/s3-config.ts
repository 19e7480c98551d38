import { imagesConfigSchema, type S3Config } from '../../src/images/config.ts';
import { shareS3, uniqueName } from '../servers/servers.ts';

/** The configuration of a bucket of its own, which is not there yet, on the shared S3 server. */
export async function createS3Config(settings: Readonly<Record<string, unknown>> = {}): Promise<S3Config> {
  return s3ConfigOf(await shareS3(), settings);
}

type Address = Awaited<ReturnType<typeof shareS3>>;

/** The configuration of a new bucket on any server. */
export function s3ConfigOf(address: Address, settings: Readonly<Record<string, unknown>> = {}): S3Config {
  const { endpoint, region, accessKeyId, secretAccessKey } = address;
  const config = imagesConfigSchema.parse({
    kind: 's3',
    endpoint,
    region,
    bucket: uniqueName('pictures'),
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
    ...settings,
  });
  if (config.kind !== 's3') throw new Error('the settings are not those of S3');
  return config;
}
