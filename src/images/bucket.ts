import { createHash } from 'node:crypto';
import { AlprError } from '../base/errors.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
/** AWS refuses a request that names the region it uses by default. */
const DEFAULT_REGION = 'us-east-1';
const RULE = 'ovr-alpr-retention';
/** Answers of stores whose rules are not for us to set, or that have none. */
const NOT_OURS = new Set([403, 405, 501]);

type BucketOptions = Readonly<{
  region: string;
  retentionDays: number | null;
  /** Hears of a store that lets us set no rule; pictures are stored all the same. */
  onNoRule: (error: unknown) => void;
  timeoutMs: number;
  /** Signs a request to the bucket itself, to be sent with the same headers. */
  sign: (
    method: 'GET' | 'PUT',
    query: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
  ) => Promise<string>;
}>;

/** Creates the bucket if it is missing, and sets or renews the rule that removes old pictures beside those of others. */
export async function prepareBucket(options: BucketOptions): Promise<void> {
  if (!(await isThere(options))) await create(options);
  if (options.retentionDays !== null) await setRetention(options, options.retentionDays);
}

/** Looks into the bucket. One that is missing is created with the first picture. IMAGES_UNAVAILABLE. */
export async function pingBucket(options: Pick<BucketOptions, 'sign' | 'timeoutMs'>): Promise<void> {
  const { status, text } = await look(options);
  // A key pair may only be allowed to write and read pictures.
  if (status < 300 || status === 404 || (status === 403 && text.includes('<Code>AccessDenied</Code>'))) return;
  throw refused('look into the bucket', status, text);
}

async function isThere(options: BucketOptions): Promise<boolean> {
  const { status, text } = await look(options);
  // A key pair may only be allowed to write and read pictures; the first write shows whether that works.
  if (status < 300 || status === 403) return true;
  if (status === 404) return false;
  throw refused('look into the bucket', status, text);
}

async function look({ sign, timeoutMs }: Pick<BucketOptions, 'sign' | 'timeoutMs'>) {
  const query = { 'list-type': '2', 'max-keys': '1' };
  const response = await fetch(await sign('GET', query, {}), { signal: AbortSignal.timeout(timeoutMs) });
  return { status: response.status, text: await response.text() };
}

async function create(options: BucketOptions): Promise<void> {
  const { region } = options;
  const body =
    region === DEFAULT_REGION
      ? ''
      : `<CreateBucketConfiguration xmlns="${NAMESPACE}"><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
  const { status, text } = await put(options, {}, body);
  // Another process may have been quicker.
  if (status === 200 || (status === 409 && /BucketAlreadyOwnedByYou|BucketAlreadyExists/.test(text))) return;
  throw refused('create the bucket', status, text);
}

async function setRetention(options: BucketOptions, days: number): Promise<void> {
  const rule = `<ID>${RULE}</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter><Expiration><Days>${days}</Days></Expiration>`;
  const others = await listOtherRules(options);
  if (others === undefined) return;
  const rules = [...others, `<Rule>${rule}</Rule>`].join('');
  const body = `<LifecycleConfiguration xmlns="${NAMESPACE}">${rules}</LifecycleConfiguration>`;
  const { status, text } = await put(options, { lifecycle: '' }, body);
  if (status === 200) return;
  const fault = refused('set the days that pictures are kept', status, text);
  if (!NOT_OURS.has(status)) throw fault;
  options.onNoRule(fault);
}

/** The rules of the bucket without ours, as the store writes them; undefined where we may not see them. */
async function listOtherRules(options: BucketOptions): Promise<readonly string[] | undefined> {
  const url = await options.sign('GET', { lifecycle: '' }, {});
  const response = await fetch(url, { signal: AbortSignal.timeout(options.timeoutMs) });
  const text = await response.text();
  if (response.status === 404) return [];
  if (response.ok)
    return (text.match(/<Rule>[\s\S]*?<\/Rule>/g) ?? []).filter((rule) => !rule.includes(`<ID>${RULE}</ID>`));
  const fault = refused('show the days that pictures are kept', response.status, text);
  if (!NOT_OURS.has(response.status)) throw fault;
  options.onNoRule(fault);
  return undefined;
}

async function put(
  options: BucketOptions,
  query: Readonly<Record<string, string>>,
  body: string,
): Promise<{ status: number; text: string }> {
  // AWS requires a checksum for changes to a bucket.
  const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
  const response = await fetch(await options.sign('PUT', query, headers), {
    method: 'PUT',
    headers,
    body,
    signal: AbortSignal.timeout(options.timeoutMs),
  });
  return { status: response.status, text: await response.text() };
}

function refused(what: string, status: number, text: string): AlprError {
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? 'no code';
  return new AlprError(
    'IMAGES_UNAVAILABLE',
    `The object store refused to ${what}: status ${status}, ${code}; check images.bucket, region and the key pair`,
  );
}
