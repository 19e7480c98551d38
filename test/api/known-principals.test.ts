import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { KnownPrincipals } from '../../src/api/access/known-principals.ts';
import { createLog } from '../../src/base/log.ts';
import type { Principal } from '../../src/identity/principal.ts';

const from = (headers: object) => ({ headers }) as FastifyRequest;
const gate: Principal = { kind: 'token', id: '1', name: 'gate', permissions: new Set(), scope: undefined };

function open(answers: readonly (Principal | Error | undefined)[]) {
  const [asked, noted] = [[] as unknown[], [] as string[]];
  const principals = new KnownPrincipals({
    identify: async ({ headers }) => {
      const answer = answers[asked.push(headers) - 1];
      if (answer instanceof Error) throw answer;
      return answer;
    },
    noteTokenUse: async (id) => void noted.push(id),
    log: createLog({ level: 'silent' }),
  });
  return { principals, asked, noted };
}

test('a caller costs one look-up for some seconds, and one note of its use', async () => {
  const { principals, asked, noted } = open([gate, gate]);
  const request = from({ authorization: 'Bearer alpr_x' });
  const found = await Promise.all(Array.from({ length: 100 }, () => principals.identify(request)));
  expect(new Set(found)).toEqual(new Set([gate]));
  expect([asked.length, noted]).toEqual([1, ['1']]);
  principals.forget();
  await principals.identify(request);
  expect([asked.length, noted]).toEqual([2, ['1']]);
});

test('callers are told apart by all that they show, and whoever shows nothing costs nothing', async () => {
  const { principals, asked } = open([gate, gate, gate]);
  await principals.identify(from({ authorization: 'Bearer alpr_x' }));
  await principals.identify(from({ authorization: 'Bearer alpr_y' }));
  await principals.identify(from({ cookie: 'Bearer alpr_x' }));
  expect(asked).toHaveLength(3);
  expect(await principals.identify(from({}))).toBeUndefined();
  expect(asked).toHaveLength(3);
});

test('nobody is refused longer than the look-up that refused them', async () => {
  const { principals } = open([undefined, new Error('away'), gate]);
  const request = from({ authorization: 'Bearer alpr_x' });
  expect(await principals.identify(request)).toBeUndefined();
  await expect(principals.identify(request)).rejects.toThrow('away');
  expect(await principals.identify(request)).toEqual(gate);
});
