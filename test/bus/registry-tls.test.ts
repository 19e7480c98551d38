import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { registryConfigSchema } from '../../src/bus/config.ts';
import { openRegistry } from '../../src/bus/registry.ts';
import { createCertificate } from '../../tools/servers/certificate.ts';
import { describeWith, shareRegistry, uniqueName } from '../servers/servers.ts';

const log = createLog({ level: 'silent' });
const schema = JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'a', type: 'int' }] });
/** A registry has to start. */
const SLOW_START_MS = 180_000;

describeWith(['registry'], 'The registry behind TLS', () => {
  const opened = new AsyncDisposableStack();
  let folder: string;
  let right: Readonly<{ url: string; caFile: string }>;
  let misnamed: Readonly<{ url: string; caFile: string }>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'registry-tls-'));
    opened.defer(() => rm(folder, { recursive: true }));
    const { url } = await shareRegistry();
    right = await openTerminator(new URL(url), '127.0.0.1');
    misnamed = await openTerminator(new URL(url), 'registry.example.org');
  }, SLOW_START_MS);
  afterAll(() => opened.disposeAsync());

  /** What stands before a registry that speaks no TLS itself: takes TLS off and passes the rest on. */
  async function openTerminator(target: URL, host: string) {
    const certificate = await createCertificate(host);
    const caFile = join(folder, `${host}.pem`);
    await writeFile(caFile, certificate.cert);
    const server = createServer(certificate, (socket) => {
      const inside = connect(Number(target.port), target.hostname);
      socket.on('error', () => inside.destroy());
      inside.on('error', () => socket.destroy());
      socket.pipe(inside).pipe(socket);
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.defer(async () => void server.close());
    return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}${target.pathname}`, caFile };
  }

  const register = async (url: string, tls: object | undefined) => {
    const config = registryConfigSchema.parse({ url, timeout_ms: 30_000, ...(tls && { tls }) });
    const own = { config, subject: uniqueName('tls'), folder: join(folder, uniqueName('schemas')), log };
    return (await openRegistry(own)).numberOf(schema);
  };

  test('is used with the certificate of a private authority', async () => {
    expect(await register(right.url, { ca_file: right.caFile })).toBeGreaterThan(0);
  });

  test.each([
    ['whose authority is not known here', () => [right.url, undefined] as const],
    ['of another authority', () => [right.url, { ca_file: misnamed.caFile }] as const],
    ['for another name', () => [misnamed.url, { ca_file: misnamed.caFile }] as const],
  ])('is refused with a certificate %s, and taken where that is not to be checked', async (_, given) => {
    const [url, tls] = given();
    await expect(register(url, tls)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE', retry: true });
    expect(await register(url, { ...tls, verify: false })).toBeGreaterThan(0);
  });
});
