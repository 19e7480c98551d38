import type { Sql } from '../db/sql.ts';
import { readPublicKeys, scanChain } from '../store/audit/checkpoints.ts';
import { findStart } from '../store/audit/cut.ts';
import { readEnd, readHash } from '../store/audit/entries.ts';
import { CHAIN_START, type ChainEnd } from './chain.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Fault, type Verdict, verifyChain } from './verify-chain.ts';

type Part = Readonly<{
  /** A checkpoint that is known from elsewhere than the database; only what follows it is checked. */
  since?: Checkpoint | undefined;
  /** The last entry to look at. Without it everything is looked at, also what stands after the end. */
  through?: ChainEnd;
}>;

/** Follows the chain in the database: all of it, or what follows a checkpoint. */
export async function verifyStored(sql: Sql, { since, through }: Part = {}): Promise<Verdict> {
  const end = through ?? (await readEnd(sql));
  const keys = await readPublicKeys(sql);
  const start = await findStart(sql);
  const nothing = { entries: 0, checkpoints: 0, end: start ?? CHAIN_START, signed: undefined };
  if (!start) return { ...nothing, fault: REMOVED_FIRST };
  const known = since && since.number > start.number ? since : undefined;
  const lost = known && (await findLoss(sql, known, end));
  if (lost) return { ...nothing, fault: lost };
  let cutThrough = start.number;
  const from = known ?? start;
  const verdict = await verifyChain(scanChain(sql, from, through?.number ?? Number.MAX_SAFE_INTEGER), {
    start: { number: from.number, hash: from.hash },
    end,
    keys,
    onEntry: ({ operation, query }) => {
      if (operation === 'cutAudit' && query.through === start.number) cutThrough = 0;
    },
  });
  if (verdict.fault || known || cutThrough === 0) return verdict;
  return {
    ...verdict,
    fault: { ...REMOVED_FIRST, message: `Of the entries 1 to ${start.number} some were removed, and no entry says so` },
  };
}

const REMOVED_FIRST: Fault = {
  kind: 'removed',
  number: 1,
  message: 'The first entries were removed, and no checkpoint says where the chain begins',
};

/** What shows that the database no longer has what was signed. */
async function findLoss(sql: Sql, { number, hash, at }: Checkpoint, end: ChainEnd): Promise<Fault | undefined> {
  if (end.number < number) {
    const message = `The end was cut off: entries up to ${number} were signed at ${at}, the database has ${end.number}`;
    return { kind: 'truncated', number: end.number + 1, message };
  }
  if ((await readHash(sql, number)) === hash) return undefined;
  return { kind: 'rewritten', number, message: `Entry ${number} is not the one that was signed at ${at}` };
}
