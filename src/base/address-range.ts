import ipaddr from 'ipaddr.js';
import { z } from 'zod';

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** An address or a network in configuration, such as `192.168.1.20`, `10.0.0.0/24` or `fd00::/8`. */
export const addressRangeSchema = z
  .string()
  .refine((text) => parseRange(text) !== undefined, 'expected an address or a network such as 10.0.0.0/24');

/** Whether an address lies in one of the ranges. An IPv4 address within IPv6 counts as itself. */
export function isWithin(address: string, ranges: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some((text) => {
    const range = parseRange(text);
    return range !== undefined && range[0].kind() === parsed.kind() && parsed.match(range[0], range[1]);
  });
}

/**
 * Whether an address may belong to anybody on the internet. Private, loopback, link-local and all other special ranges do not
 * (IANA's registries of special-purpose addresses); of IPv6, 2000::/3 alone is given out.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || isWithin(address, ['2000::/3']);
}

function parseRange(text: string): Range | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
