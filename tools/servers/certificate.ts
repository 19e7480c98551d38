import { isIP } from 'node:net';
import { generate } from 'selfsigned';

/** PEM. */
export type Certificate = Readonly<{ key: string; cert: string }>;

/** A key and a certificate for these names and addresses, which nobody but itself vouches for. */
export async function createCertificate(...hosts: readonly [string, ...string[]]): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: hosts[0] }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) => (isIP(host) > 0 ? { type: 7, ip: host } : { type: 2, value: host })),
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}
