import { Readable } from 'node:stream';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { AlprError } from '../../base/errors.ts';
import { goneSchema, noQuery } from '../../contract/api/fields.ts';
import {
  entriesQuerySchema,
  entriesSchema,
  entryFieldsSchema,
  entryParamsSchema,
  importedSchema,
  importQuerySchema,
  listEntrySchema,
  listFieldsSchema,
  listFileSchema,
  listParamsSchema,
  plateListSchema,
  plateListsSchema,
} from '../../contract/api/lists.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { CSV_START, formatLine } from '../../contract/csv.ts';
import { LIST_TITLES, listCells, readListCsv } from '../../exchange/list-csv.ts';
import { importEntries } from '../../store/alerts/import-entries.ts';
import {
  hasPlateList,
  listEntries,
  listPlateLists,
  removeEntry,
  removePlateList,
  writeEntry,
  writePlateList,
} from '../../store/alerts/lists.ts';
import type { ApiContext, Server } from '../context.ts';
import { TooSoonError } from '../errors.ts';

const tags = ['Lists'];
const querystring = noQuery;
const missing = { 404: problemSchema };

/** Largest file of entries: a million of them with names and notes. */
const MAX_FILE = 256 << 20;
const PIECE = 64 << 10;
const RETRY_S = 10;
const PAGE = 500;
const CSV = 'text/csv; charset=utf-8';

/** Lists of plates, which rules name. */
export async function addListRoutes(server: Server, { sql }: ApiContext): Promise<void> {
  const requireList = async (list: string) => {
    if (await hasPlateList(sql, list)) return;
    throw new AlprError('NOT_FOUND', `There is no list ${list}; /lists tells those there are`);
  };

  server.get(
    '/lists',
    {
      config: { access: 'alerts', audit: 'view' },
      schema: {
        tags,
        operationId: 'listPlateLists',
        summary: 'All lists of plates',
        querystring,
        response: { 200: plateListsSchema },
      },
    },
    async () => ({ lists: await listPlateLists(sql) }),
  );

  server.put(
    '/lists/:list',
    {
      config: { access: 'alerts', audit: 'change' },
      schema: {
        tags,
        operationId: 'writePlateList',
        summary: 'Make a list, or change what it is called',
        params: listParamsSchema,
        querystring,
        body: listFieldsSchema,
        response: { 200: plateListSchema },
      },
    },
    async (request) => {
      request.auditNote.query = { list: request.params.list };
      return writePlateList(sql, request.params.list, request.body);
    },
  );

  server.delete(
    '/lists/:list',
    {
      config: { access: 'alerts', audit: 'change' },
      schema: {
        tags,
        operationId: 'deletePlateList',
        summary: 'Delete a list with its entries',
        description: 'Rules that name it match nothing by it from then on.',
        params: listParamsSchema,
        querystring,
        response: { 204: goneSchema, ...missing },
      },
    },
    async (request, reply) => {
      const { list } = request.params;
      request.auditNote.query = { list };
      const entries = await removePlateList(sql, list);
      if (entries === undefined) await requireList(list);
      request.auditNote.results = entries ?? 0;
      return reply.code(204).send(null);
    },
  );

  server.get(
    '/lists/:list/entries',
    {
      config: { access: 'alerts', audit: 'view' },
      schema: {
        tags,
        operationId: 'listListEntries',
        summary: 'Entries of a list, in the order of their plates',
        params: listParamsSchema,
        querystring: entriesQuerySchema,
        response: { 200: entriesSchema, ...missing },
      },
    },
    async (request) => {
      const { list } = request.params;
      const { q } = request.query;
      request.auditNote.query = { list };
      if (q !== undefined) request.auditNote.plates = [q];
      await requireList(list);
      const { items, next } = await listEntries(sql, list, request.query);
      request.auditNote.results = items.length;
      return { entries: items, next };
    },
  );

  server.put(
    '/lists/:list/entries/:plate',
    {
      config: { access: 'alerts', audit: 'change' },
      schema: {
        tags,
        operationId: 'writeListEntry',
        summary: 'Add an entry to a list, or change it',
        description: 'The plate may be a pattern: `?` stands for one character, `*` for any number of them.',
        params: entryParamsSchema,
        querystring,
        body: entryFieldsSchema,
        response: { 200: listEntrySchema, ...missing },
      },
    },
    async (request) => {
      const { list, plate } = request.params;
      request.auditNote.query = { list };
      request.auditNote.plates = [plate];
      await requireList(list);
      await writeEntry(sql, list, plate, request.body);
      return { plate, ...request.body };
    },
  );

  server.delete(
    '/lists/:list/entries/:plate',
    {
      config: { access: 'alerts', audit: 'change' },
      schema: {
        tags,
        operationId: 'deleteListEntry',
        summary: 'Remove an entry from a list',
        params: entryParamsSchema,
        querystring,
        response: { 204: goneSchema, ...missing },
      },
    },
    async (request, reply) => {
      const { list, plate } = request.params;
      request.auditNote.query = { list };
      request.auditNote.plates = [plate];
      if (!(await removeEntry(sql, list, plate)))
        throw new AlprError('NOT_FOUND', `The list ${list} has no entry ${plate}`);
      return reply.code(204).send(null);
    },
  );

  server.get(
    '/lists/:list/file',
    {
      exposeHeadRoute: false,
      config: { access: 'alerts', audit: 'export' },
      schema: {
        tags,
        operationId: 'exportPlateList',
        summary: 'A list as CSV',
        params: listParamsSchema,
        querystring,
        response: {
          200: { description: 'The entries', content: { 'text/csv': { schema: listFileSchema } } },
          ...missing,
        },
      },
    },
    async (request, reply) => {
      const { list } = request.params;
      request.auditNote.query = { list };
      await requireList(list);
      return reply
        .type(CSV)
        .header('content-disposition', `attachment; filename="${list}.csv"`)
        .send(Readable.from(writeFile(list), { objectMode: false }));
    },
  );

  async function* writeFile(list: string): AsyncGenerator<string> {
    yield CSV_START + formatLine(LIST_TITLES);
    let cursor: string | undefined;
    do {
      const { items, next } = await listEntries(sql, list, { limit: PAGE, cursor });
      yield items.map((entry) => formatLine(listCells(entry))).join('');
      cursor = next ?? undefined;
    } while (cursor !== undefined);
  }

  // Its own server, so that no other route takes a file.
  await server.register(async (files) => {
    // Received whole before anything is done with it: a slow sender holds no connection to the database.
    files.addContentTypeParser('text/csv', { bodyLimit: MAX_FILE, parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    let [isTaking, isAtWork] = [false, false];
    files.withTypeProvider<ZodTypeProvider>().post(
      '/lists/:list/file',
      {
        bodyLimit: MAX_FILE,
        // One at a time, because of the memory that a file takes.
        preParsing: async (_request, reply) => {
          if (isTaking) throw new TooSoonError('Expected one file at a time; another one is being taken in', RETRY_S);
          isTaking = true;
          reply.raw.once('close', () => {
            isTaking = isAtWork;
          });
        },
        config: { access: 'alerts', audit: 'change' },
        schema: {
          tags,
          operationId: 'importPlateList',
          summary: 'Take the entries of a CSV file into a list, or see what that would change',
          description:
            'The first line has the titles of the columns: plate, and any of name, note, group, colour, tags (with `|` between), valid_from, valid_until and schedule. Send it as `text/csv`. All of it is taken in at once, but for the lines that are refused.',
          params: listParamsSchema,
          querystring: importQuerySchema,
          consumes: ['text/csv'],
          response: { 200: importedSchema, 400: problemSchema, ...missing, 429: problemSchema },
        },
      },
      async (request) => {
        const { list } = request.params;
        const { mode, apply } = request.query;
        request.auditNote.query = { list, mode, apply };
        await requireList(list);
        const { body } = request;
        if (!Buffer.isBuffer(body))
          throw new AlprError('INPUT_INVALID', 'Expected a CSV file as the body, of type text/csv');
        isAtWork = true;
        try {
          const lines = readListCsv(Readable.from(cut(body)));
          const given = { list, replaces: mode === 'replace', applies: apply === 'true', lines };
          const imported = await importEntries(sql, given);
          request.auditNote.results = imported.added + imported.changed + imported.removed;
          return imported;
        } finally {
          // Whoever sent it may have gone in the meantime.
          [isTaking, isAtWork] = [false, false];
        }
      },
    );
  });
}

function* cut(file: Buffer): Generator<Buffer> {
  for (let at = 0; at < file.length; at += PIECE) yield file.subarray(at, at + PIECE);
}
