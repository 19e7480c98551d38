import { AlprError } from '../../base/errors.ts';
import {
  channelParamsSchema,
  type KeptChannel,
  keptChannelSchema,
  keptChannelsSchema,
  queuedSchema,
  replayedSchema,
  trialSchema,
  writeChannelQuerySchema,
} from '../../contract/api/channels.ts';
import { deliveriesQuerySchema, deliveryPageSchema, replaySchema } from '../../contract/api/deliveries.ts';
import { goneSchema, noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { type Channel, type ChannelFields, channelFieldsSchema } from '../../contract/channel.ts';
import { type Secrets, sendsElsewhere, splitSecrets, tryJoinSecrets } from '../../contract/channel-secrets.ts';
import {
  listChannels,
  removeChannel,
  type KeptChannel as StoredChannel,
  saveChannel,
  unsealSecrets,
} from '../../store/alerts/channels.ts';
import { countDeliveries, listDeliveries, queueTrial, replayDeliveries } from '../../store/alerts/deliveries.ts';
import { findEvent } from '../../store/events.ts';
import { scopeOf, whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';
import { makeTrialAlert } from '../trial-alert.ts';

const tags = ['Channels'];
const querystring = noQuery;

/** Where alerts are sent, and what became of each message. */
export function addChannelRoutes(server: Server, { sql, keyFile }: ApiContext): void {
  const find = async (id: string) => (await listChannels(sql)).find((one) => one.id === id);
  const secretsOf = (stored: StoredChannel | undefined): Secrets => (stored ? unsealSecrets(stored, keyFile) : {});

  const show = async (stored: readonly StoredChannel[]): Promise<readonly KeptChannel[]> => {
    const counted = new Map((await countDeliveries(sql)).map((one) => [one.channel, one]));
    return stored.map((one) => {
      const { waiting = 0, dead = 0, sent = 0, last_sent_at = null, trouble = null } = counted.get(one.id) ?? {};
      return {
        channel: channelFieldsSchema.parse(one.channel),
        secrets: Object.keys(secretsOf(one)),
        origin: one.origin,
        changed_by: one.changed_by,
        at: one.at.toISOString(),
        waiting,
        dead,
        sent,
        last_sent_at: last_sent_at?.toISOString() ?? null,
        trouble,
      };
    });
  };

  server.get(
    '/channels',
    {
      config: { access: 'alerts', audit: 'view' },
      schema: {
        tags,
        operationId: 'listChannels',
        summary: 'All channels, without their secrets, and how they do',
        querystring,
        response: { 200: keptChannelsSchema },
      },
    },
    async () => ({ channels: await show(await listChannels(sql)) }),
  );

  server.put(
    '/channels/:channel',
    {
      config: { access: 'alerts', audit: 'change' },
      schema: {
        tags,
        operationId: 'writeChannel',
        summary: 'Write a channel',
        description:
          'Secrets that are left out stay as they are, except those in `remove`. It takes effect within a second.',
        params: channelParamsSchema,
        querystring: writeChannelQuerySchema,
        body: channelFieldsSchema,
        response: { 200: keptChannelSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async (request) => {
      const { channel: id } = request.params;
      const { body } = request;
      const { remove = [] } = request.query;
      request.auditNote.query = {
        channel: id,
        kind: body.kind,
        ...(remove.length > 0 && { removed: remove.join(',') }),
      };
      if (body.id !== id) throw new AlprError('INPUT_INVALID', `Expected the id ${id} in the channel, got ${body.id}`);
      const before = await find(id);
      if (before?.origin === 'file') {
        throw new AlprError('CONFLICT', `The file of rules has ${id}; change it there, or choose another id`);
      }
      const kept = Object.entries(secretsOf(before));
      const secrets = Object.fromEntries(kept.filter(([name]) => !remove.includes(name)));
      if (before) refuseElsewhere(before, body, secrets);
      const channel = join(body, secrets);
      await saveChannel(sql, keyFile, { channel, by: whoAsks(request).name });
      const [written] = await show((await listChannels(sql)).filter((one) => one.id === id));
      if (!written) throw new Error('expected the channel that was written');
      return written;
    },
  );

  server.delete(
    '/channels/:channel',
    {
      config: { access: 'alerts', audit: 'change' },
      schema: {
        tags,
        operationId: 'deleteChannel',
        summary: 'Delete a channel of the page',
        params: channelParamsSchema,
        querystring,
        response: { 204: goneSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const { channel } = request.params;
      request.auditNote.query = { channel };
      if (!(await removeChannel(sql, channel))) throw noSuch(channel);
      return reply.code(204).send(null);
    },
  );

  server.post(
    '/channels/:channel/test',
    {
      config: { access: 'alerts', audit: 'change' },
      schema: {
        tags,
        operationId: 'tryChannel',
        summary: 'Send a trial through a channel',
        description: 'The log of deliveries says what came of it.',
        params: channelParamsSchema,
        querystring,
        body: trialSchema,
        response: { 202: queuedSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const { channel } = request.params;
      const { event: eventId } = request.body;
      request.auditNote.query = { channel, ...(eventId !== null && { event: eventId }) };
      if (!(await find(channel))) throw noSuch(channel);
      const found = eventId === null ? undefined : await findEvent(sql, eventId, scopeOf(request));
      if (eventId !== null && !found) throw new AlprError('NOT_FOUND', `There is no event ${eventId}`);
      if (found) request.auditNote.plates = [found.event.plate.text_normalized];
      const why = `${whoAsks(request).name} tries this channel`;
      const alert = makeTrialAlert({ name: 'Trial', why, event: found?.event });
      return reply.code(202).send({ delivery: await queueTrial(sql, { channel, alert }) });
    },
  );

  server.get(
    '/deliveries',
    {
      config: { access: 'alerts', audit: 'view' },
      schema: {
        tags,
        operationId: 'listDeliveries',
        summary: 'What was sent to whom, and what the other side answered, newest first',
        querystring: deliveriesQuerySchema,
        response: { 200: deliveryPageSchema },
      },
    },
    async (request) => {
      const { limit: _limit, cursor: _cursor, ...filter } = request.query;
      const { items, next } = await listDeliveries(sql, { ...request.query, scope: scopeOf(request) });
      request.auditNote.query = filter;
      request.auditNote.results = items.length;
      request.auditNote.plates = [...new Set(items.flatMap(({ plate }) => plate ?? []))];
      return { deliveries: items, next };
    },
  );

  server.post(
    '/deliveries/replay',
    {
      config: { access: 'alerts', audit: 'change' },
      schema: {
        tags,
        operationId: 'replayDeliveries',
        summary: 'Send messages that were given up once more',
        querystring,
        body: replaySchema,
        response: { 200: replayedSchema },
      },
    },
    async (request) => {
      const replayed = await replayDeliveries(sql, request.body);
      request.auditNote.query = request.body;
      request.auditNote.results = replayed;
      return { replayed };
    },
  );
}

/** INPUT_INVALID names what is missing, such as a secret. */
function join(shown: ChannelFields, secrets: Secrets): Channel {
  const own = splitSecrets(shown);
  const joined = tryJoinSecrets(own.shown, { ...secrets, ...own.secrets });
  if (typeof joined === 'string') throw new AlprError('INPUT_INVALID', joined);
  return joined;
}

/** Whoever changes where a channel sends must know its secrets: they would be shown there. Those that sign go nowhere themselves. */
function refuseElsewhere(before: StoredChannel, after: ChannelFields, secrets: Secrets): void {
  const given = splitSecrets(after).secrets;
  const missing = Object.keys(secrets).filter((name) => !(name in given) && !name.endsWith('signing_secret'));
  if (missing.length === 0 || !sendsElsewhere(channelFieldsSchema.parse(before.channel), after)) return;
  const names = missing.join(' and ');
  throw new AlprError('INPUT_INVALID', `Expected ${names} once more: the channel sends elsewhere, or otherwise, now`);
}

function noSuch(id: string): AlprError {
  return new AlprError('NOT_FOUND', `The page has no channel ${id}; /channels lists those there are`);
}
