import type { FastifyRequest } from 'fastify';
import { AlprError } from '../../base/errors.ts';
import { eventParamsSchema, plateParamsSchema } from '../../contract/api/events.ts';
import { goneSchema, noQuery } from '../../contract/api/fields.ts';
import {
  newNoteSchema,
  noteParamsSchema,
  noteSchema,
  notesSchema,
  plateHistoryQuerySchema,
  plateHistorySchema,
} from '../../contract/api/plates.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import type { Search } from '../../search/search.ts';
import { findEvent } from '../../store/events.ts';
import { findNote, type NoteSubject, readNotes, removeNote, writeNote } from '../../store/notes.ts';
import { readPlateHistory } from '../../store/plate-history.ts';
import { scopeOf, whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';
import { requireTimeZone } from '../require-time-zone.ts';

const tags = ['Plates'];

/** How many reads are looked at for texts near to a plate's. */
const NEAR_READS = 200;

/** All that is known of one plate, and what people wrote about plates and events. */
export function addPlateRoutes(server: Server, { sql, search }: ApiContext): void {
  server.get(
    '/plates/:text',
    {
      config: { access: 'search', audit: 'search' },
      schema: {
        tags,
        operationId: 'readPlateHistory',
        summary: 'When and where a plate was read, texts near to it, and notes',
        params: plateParamsSchema,
        querystring: plateHistoryQuerySchema,
        response: { 200: plateHistorySchema },
      },
    },
    async (request) => {
      const { text } = request.params;
      const { time_zone: timeZone, ...span } = request.query;
      requireTimeZone(timeZone);
      request.auditNote.plates = [text];
      const scope = scopeOf(request);
      const near = await findNear(search, request, text);
      const history = await readPlateHistory(sql, { text, near, timeZone, ...span, scope });
      request.auditNote.results = history.reads;
      // Notes are of no camera: whoever may not see everything sees them beside reads that he may see.
      const notes = scope === undefined || history.reads > 0 ? await readNotes(sql, { plate: text }) : [];
      return { ...history, notes };
    },
  );

  server.post(
    '/plates/:text/notes',
    {
      config: { access: 'events:write', audit: 'change' },
      schema: {
        tags,
        operationId: 'writePlateNote',
        summary: 'Write a note or a tag on a plate',
        params: plateParamsSchema,
        querystring: noQuery,
        body: newNoteSchema,
        response: { 201: noteSchema },
      },
    },
    async (request, reply) => {
      const subject = { plate: request.params.text };
      await requireSubject(request, subject);
      return reply.code(201).send(await writeNote(sql, { subject, note: request.body, by: whoAsks(request) }));
    },
  );

  server.get(
    '/events/:id/notes',
    {
      config: { access: 'events:read', audit: 'view' },
      schema: {
        tags,
        operationId: 'listEventNotes',
        summary: 'Notes and tags of an event',
        params: eventParamsSchema,
        querystring: noQuery,
        response: { 200: notesSchema, 404: problemSchema },
      },
    },
    async (request) => {
      const subject = { event: request.params.id };
      await requireSubject(request, subject);
      return { notes: await readNotes(sql, subject) };
    },
  );

  server.post(
    '/events/:id/notes',
    {
      config: { access: 'events:write', audit: 'change' },
      schema: {
        tags,
        operationId: 'writeEventNote',
        summary: 'Write a note or a tag on an event',
        params: eventParamsSchema,
        querystring: noQuery,
        body: newNoteSchema,
        response: { 201: noteSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const subject = { event: request.params.id };
      await requireSubject(request, subject);
      return reply.code(201).send(await writeNote(sql, { subject, note: request.body, by: whoAsks(request) }));
    },
  );

  server.delete(
    '/notes/:note',
    {
      config: { access: 'events:write', audit: 'change' },
      schema: {
        tags,
        operationId: 'deleteNote',
        summary: 'Delete a note or a tag',
        params: noteParamsSchema,
        querystring: noQuery,
        response: { 204: goneSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const { note } = request.params;
      request.auditNote.query = { note };
      const found = await findNote(sql, note);
      if (!found) throw new AlprError('NOT_FOUND', `There is no note ${note}`);
      request.auditNote.query = { note, written_by: found.by };
      await requireSubject(request, found.subject);
      await removeNote(sql, note);
      return reply.code(204).send(null);
    },
  );

  /** NOT_FOUND for what the caller may not see; whoever may see everything may also write of a plate that was never read. */
  async function requireSubject(request: FastifyRequest, subject: NoteSubject): Promise<void> {
    const scope = scopeOf(request);
    if ('event' in subject) {
      request.auditNote.query = { ...request.auditNote.query, event: subject.event };
      if (await findEvent(sql, subject.event, scope)) return;
      throw new AlprError('NOT_FOUND', `There is no event ${subject.event}`);
    }
    request.auditNote.plates = [subject.plate];
    if (scope === undefined) return;
    const { reads } = await readPlateHistory(sql, { text: subject.plate, near: [], timeZone: 'UTC', scope });
    if (reads === 0) throw new AlprError('NOT_FOUND', `There are no reads of ${subject.plate}`);
  }
}

/** Texts that the search finds near to this one. */
async function findNear(search: Search, request: FastifyRequest, q: string): Promise<readonly string[]> {
  const scope = scopeOf(request);
  const { results } = await search.search({ q, mode: 'fuzzy', limit: NEAR_READS, scope });
  const texts = results.map(({ event }) => event.plate.text_normalized);
  return [...new Set(texts)].filter((text) => text !== q);
}
