import { z } from 'zod';
import { AlprError } from '../base/errors.ts';
import { type Checkpoint, checkpointSchema, indexKeys, isSigned } from './checkpoint.ts';
import { type Found, type Verdict, verifyChain } from './verify-chain.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const end = z.strictObject({ number: z.int().min(0), hash });

const headSchema = z.strictObject({
  export: z.strictObject({
    version: z.literal(1),
    made_at: z.string(),
    start: end,
    end,
    keys: z.array(z.strictObject({ fingerprint: hash, public_key: z.string(), since: z.string() })),
    fingerprint: hash,
  }),
  signature: z.string(),
});

const entryLine = z.strictObject({ entry: z.unknown(), hash: z.string() });
const checkpointLine = z.strictObject({ checkpoint: checkpointSchema, signature: z.string() });

type Head = z.infer<typeof headSchema>['export'];

/** What an export is, and whether it is whole. */
export type ExportVerdict = Verdict & Readonly<{ head: Head }>;

/**
 * Checks an export by itself: that it is signed, and every link of its chain. INPUT_INVALID when it is no export. Whether the
 * key is the right one says its fingerprint, which one must know from elsewhere.
 */
export async function verifyExport(lines: AsyncIterable<string>): Promise<ExportVerdict> {
  const iterator = lines[Symbol.asyncIterator]();
  const first = await iterator.next();
  const { export: head, signature } = parseHead(first.done ? '' : first.value);
  const keys = indexKeys(head.keys.map(({ public_key }) => public_key));
  if (!isSigned({ content: head, signature }, keys)) {
    const message = 'The first line was changed: its signature does not fit';
    const fault = { kind: 'signature', number: head.start.number, message } as const;
    return { head, entries: 0, checkpoints: 0, end: head.start, signed: undefined, fault };
  }
  const found = readFound({ [Symbol.asyncIterator]: () => iterator });
  return { head, ...(await verifyChain(found, { start: head.start, end: head.end, keys })) };
}

function parseHead(line: string): z.infer<typeof headSchema> {
  const parsed = headSchema.safeParse(parseJson(line));
  if (parsed.success) return parsed.data;
  throw new AlprError(
    'INPUT_INVALID',
    'Expected a file that alpr audit export made: its first line says what is in it, and who signed it',
  );
}

async function* readFound(lines: AsyncIterable<string>): AsyncGenerator<Found> {
  for await (const line of lines) {
    if (line === '') continue;
    const content = parseJson(line);
    const checkpoint = checkpointLine.safeParse(content);
    if (checkpoint.success) {
      const signed = { content: checkpoint.data.checkpoint satisfies Checkpoint, signature: checkpoint.data.signature };
      yield { kind: 'checkpoint', checkpoint: signed };
      continue;
    }
    const entry = entryLine.safeParse(content);
    yield { kind: 'entry', hash: entry.data?.hash ?? '', entry: entry.data?.entry };
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
