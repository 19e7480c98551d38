import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { PasswordConfig } from './config.ts';
import { Turns } from './turns.ts';

const deriveKey = promisify(argon2);

const HASH_BYTES = 32;
const SALT_BYTES = 16;

type Costs = Readonly<{ memory: number; passes: number; parallelism: number }>;

/** Whether a password is right, and whether its hash should be made anew with the costs of today. */
export type Verdict = Readonly<{ isRight: boolean; isOutdated: boolean }>;

/**
 * Hashes passwords with argon2id (RFC 9106) on the threads of Node, so that everything else goes on, and only a few at once, so that
 * these threads and the memory are not all taken.
 */
export class Passwords {
  readonly #costs: Costs;
  readonly #turns: Turns;
  #decoy: Promise<string> | undefined;

  constructor(config: PasswordConfig) {
    this.#turns = new Turns(config.at_once);
    this.#costs = { memory: config.memory_kib, passes: config.passes, parallelism: config.lanes };
  }

  /** The hash as text in the PHC format, with its salt and costs. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await this.#derive(password, { salt, costs: this.#costs, bytes: HASH_BYTES });
    return formatHash({ salt, hash, costs: this.#costs });
  }

  /** Without a stored hash it takes as long as with one, and says no: the time does not tell which names exist. */
  async verify(password: string, stored: string | undefined): Promise<Verdict> {
    const { salt, hash, costs } = parseHash(stored ?? (await this.#findDecoy()));
    const found = await this.#derive(password, { salt, costs, bytes: hash.length });
    const isRight = timingSafeEqual(found, hash) && stored !== undefined;
    return { isRight, isOutdated: JSON.stringify(costs) !== JSON.stringify(this.#costs) };
  }

  #findDecoy(): Promise<string> {
    this.#decoy ??= this.hash(randomBytes(16).toString('hex'));
    return this.#decoy;
  }

  #derive(password: string, { salt, costs, bytes }: Derivation): Promise<Buffer> {
    const message = password.normalize('NFKC');
    return this.#turns.take(() => deriveKey('argon2id', { message, nonce: salt, tagLength: bytes, ...costs }));
  }
}

type Derivation = Readonly<{ salt: Buffer; costs: Costs; bytes: number }>;
type Hash = Readonly<{ salt: Buffer; hash: Buffer; costs: Costs }>;

function formatHash({ salt, hash, costs: { memory, passes, parallelism } }: Hash): string {
  const [saltText, hashText] = [salt, hash].map((bytes) => bytes.toString('base64').replace(/=+$/, ''));
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${saltText}$${hashText}`;
}

function parseHash(text: string): Hash {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(text);
  if (!parts) throw new Error('expected the hash of a password in the PHC format of argon2id');
  const [, memory, passes, parallelism, salt = '', hash = ''] = parts;
  return {
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
    costs: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
  };
}
