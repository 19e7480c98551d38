import { describe, expect, it } from 'vitest';
import {
  asksForReads,
  EMPTY_QUERY,
  formatRoute,
  parseRoute,
  readSetUpLink,
  readSignInError,
} from '../../src/web/route.ts';

describe('the address of a screen', () => {
  const addresses = [
    ['#/live', { screen: 'live' }],
    ['#/system', { screen: 'system' }],
    ['#/event/01990000-0000-7000-8000-000000000001', { screen: 'read', id: '01990000-0000-7000-8000-000000000001' }],
    ['#/search', { screen: 'search', query: EMPTY_QUERY }],
    ['#/search?q=AB1', { screen: 'search', query: { ...EMPTY_QUERY, q: 'AB1' } }],
    [
      '#/search?q=A%3FC*9&mode=wildcard&camera=gate+2',
      { screen: 'search', query: { ...EMPTY_QUERY, q: 'A?C*9', mode: 'wildcard', camera: 'gate 2' } },
    ],
  ] as const;

  it.each(addresses)('%s names its screen and is what the screen is called', (address, route) => {
    expect(parseRoute(address)).toEqual(route);
    expect(formatRoute(route)).toBe(address);
  });

  it.each(['#/nowhere', '#/event', '#/event/', '#/plates'])('%s is nowhere, and is told to be so', (address) => {
    expect(parseRoute(address)).toEqual({ screen: 'missing' });
  });

  it.each(['', '#', '#/', '#sign-in=FORBIDDEN'])('%j, which is no address, is the live wall', (address) => {
    expect(parseRoute(address)).toEqual({ screen: 'live' });
  });

  it.each(['#/event/%E0%A4%A', '#/search?q=%E0%A4%A'])('the broken escape in %s does not throw', (address) => {
    expect(() => parseRoute(address)).not.toThrow();
  });

  it('asks for reads by a text or by any filter, and not by the way of searching alone', () => {
    expect(asksForReads(EMPTY_QUERY)).toBe(false);
    expect(asksForReads({ ...EMPTY_QUERY, mode: 'exact' })).toBe(false);
    for (const field of [
      'q',
      'camera',
      'site',
      'region',
      'vehicle',
      'direction',
      'zone',
      'from',
      'to',
      'min_confidence',
    ]) {
      expect(asksForReads({ ...EMPTY_QUERY, [field]: '1' })).toBe(true);
    }
  });

  it('of a one-time link keeps the token behind the #, with the name it was made for', () => {
    expect(readSetUpLink({ pathname: '/setup', hash: '#token=a-b_c&name=Grace+H' })).toEqual({
      token: 'a-b_c',
      name: 'Grace H',
    });
    expect(readSetUpLink({ pathname: '/setup', hash: '' })).toEqual({ token: '', name: undefined });
    expect(readSetUpLink({ pathname: '/', hash: '#token=a' })).toBeUndefined();
    expect(readSignInError('#sign-in=FORBIDDEN')).toBe('FORBIDDEN');
    expect(readSignInError('#/live')).toBeUndefined();
  });
});
