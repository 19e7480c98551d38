import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import type { Server } from '../context.ts';

/** More than any client sends beside a picture. */
const MOST_PARTS = 32;

const FORMS = ['multipart/form-data', 'application/x-www-form-urlencoded'];

/** Takes forms as their bytes, in this part of the server alone. */
export function acceptForms(server: Server): void {
  server.addContentTypeParser(FORMS, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

/**
 * Makes the body of a form an object before it is checked: its fields by name, and its one file as `file`, whatever the name it was
 * sent under. INPUT_INVALID for several files and for what is no form. Bodies of JSON stay as they are.
 */
export function takeForm(file: string) {
  return async (request: FastifyRequest): Promise<void> => {
    if (!Buffer.isBuffer(request.body)) return;
    const type = request.headers['content-type'] ?? '';
    const form = await parseForm(request.body, type);
    const files = [...form].filter((entry): entry is [string, File] => entry[1] instanceof File);
    if (files.length > 1) {
      throw new AlprError(
        'INPUT_INVALID',
        `Expected one file in the form, got ${files.length}; send one picture at a time`,
      );
    }
    const texts = [...form].filter(([, value]) => typeof value === 'string');
    const [, found] = files[0] ?? [];
    request.body = {
      ...Object.fromEntries(texts),
      ...(found && { [file]: new Uint8Array(await found.arrayBuffer()) }),
    };
  };
}

async function parseForm(body: Buffer, type: string): Promise<FormData> {
  const boundary = /boundary="?([^";]+)/i.exec(type)?.[1];
  if (boundary !== undefined && countParts(body, boundary) > MOST_PARTS) {
    throw new AlprError('INPUT_INVALID', `Expected at most ${MOST_PARTS} fields in the form`);
  }
  return new Response(new Uint8Array(body), { headers: { 'content-type': type } })
    .formData()
    .catch((cause: unknown) => {
      const message = 'Expected a form (multipart/form-data) with its boundary, complete to its last line';
      throw new AlprError('INPUT_INVALID', message, { cause });
    });
}

/** Counted before they are taken apart, because each costs far more than its bytes. */
function countParts(body: Buffer, boundary: string): number {
  let parts = 0;
  const mark = Buffer.from(`--${boundary}`);
  for (let at = body.indexOf(mark); at >= 0 && parts <= MOST_PARTS + 1; at = body.indexOf(mark, at + mark.length))
    parts += 1;
  return parts - 1;
}
