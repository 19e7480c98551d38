import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Address } from './address.ts';

const PARTS = /^([a-z]+:\/\/(?:[^\s/@]*@)?)([^\s/?#:@[\]]+)(.*)$/i;

/** An address; `host` is the name where the URL has the number instead. */
export type Place = Address & Readonly<{ host?: string }>;

/**
 * The same address with the number of its host in place of the name, for programs that cannot look names up.
 * Rejects with what the system says when the name is not known.
 */
export async function resolveHost(address: Address): Promise<Place> {
  const [, before, name = '', after = ''] = PARTS.exec(address.url) ?? [];
  if (name === '' || isIP(name)) return address;
  const { address: number, family } = await lookup(name, { order: 'ipv4first' });
  const url = `${before}${family === 6 ? `[${number}]` : number}${after}`;
  return { ...address, url, host: `${name}${/^:\d+/.exec(after)?.[0] ?? ''}` };
}
