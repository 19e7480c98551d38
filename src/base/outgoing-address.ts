import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { z } from 'zod';
import { addressRangeSchema, isPublic, isWithin } from './address-range.ts';
import { AlprError } from './errors.ts';

const HOST = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i;

/** Somewhere that may be asked though it is not public: an address, a network or the name of a host. */
export const allowedTargetSchema = z.union(
  [
    addressRangeSchema,
    z
      .string()
      .regex(HOST)
      .refine((text) => !/^[\d.]+$/.test(text)),
  ],
  'expected an address, a network such as 10.0.0.0/24, or the name of a host',
);

/** Keeps requests to addresses that others give away from what only this machine can reach (server-side request forgery). */
export type OutgoingCheck = Readonly<{
  /** ADDRESS_REFUSED unless the URL is HTTP or HTTPS, has no password, and names a host or an address that may be asked. */
  checkUrl(url: URL): void;
  /**
   * For the option `lookup` of `net`, `tls`, `http` and `https`: gives only addresses that may be asked, and it is these that are
   * connected to, so a name cannot change in between. The connection fails with ADDRESS_REFUSED where there is none.
   */
  lookup: LookupFunction;
}>;

/** `allowed` lists what may be asked besides public addresses: addresses, networks and names of hosts; `setting` is where that is said. */
export function createOutgoingCheck(allowed: readonly string[], setting: string): OutgoingCheck {
  const expected = `a public address, or one that ${setting} lists`;
  const names = new Set(allowed.map((name) => name.toLowerCase()));
  const mayAsk = (address: string, host: string) =>
    names.has(host.toLowerCase()) || isPublic(address) || isWithin(address, allowed);
  return {
    checkUrl(url) {
      if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused(`an address of http or https`);
      if (url.username !== '' || url.password !== '') throw refused('an address without a name and password');
      const host = url.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) && !mayAsk(host, host)) throw refused(expected);
    },
    lookup(host, options, callback) {
      resolve(host, { ...options, all: true }, (error, found) => {
        if (error) return callback(error, '');
        const checked = found.filter(({ address }) => mayAsk(address, host));
        const [first] = checked;
        if (first === undefined) return callback(refused(expected), '');
        if (options.all) callback(null, checked);
        else callback(null, first.address, first.family);
      });
    },
  };
}

/** Without the address itself, so that nobody learns what a name stands for here. */
function refused(expected: string): AlprError {
  return new AlprError(
    'ADDRESS_REFUSED',
    `Expected ${expected}; private, loopback and link-local addresses are not asked`,
  );
}
