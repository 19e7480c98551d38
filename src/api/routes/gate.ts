import { AlprError } from '../../base/errors.ts';
import { admits } from '../../contract/access.ts';
import { gateChannelsSchema, openGateSchema, queuedSchema } from '../../contract/api/channels.ts';
import { noQuery } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { channelFieldsSchema } from '../../contract/channel.ts';
import { listChannels } from '../../store/alerts/channels.ts';
import { queueTrial } from '../../store/alerts/deliveries.ts';
import { findEvent } from '../../store/events.ts';
import { scopeOf, whoAsks } from '../access/guard-routes.ts';
import type { ApiContext, Server } from '../context.ts';
import { makeTrialAlert } from '../trial-alert.ts';

const tags = ['Channels'];

/** What a guard at a gate does by hand. */
export function addGateRoutes(server: Server, { sql, hub }: ApiContext): void {
  const listOpening = async () => {
    const kept = (await listChannels(sql)).map(({ channel }) => channelFieldsSchema.parse(channel));
    return kept.filter(({ opens, enabled }) => opens && enabled).map(({ id, name }) => ({ id, name }));
  };

  server.get(
    '/gate/channels',
    {
      config: { access: 'gate' },
      schema: {
        tags,
        operationId: 'listGateChannels',
        summary: 'Channels that a gate may be opened by',
        querystring: noQuery,
        response: { 200: gateChannelsSchema },
      },
    },
    async () => ({ channels: await listOpening() }),
  );

  server.post(
    '/gate/open',
    {
      config: { access: 'gate', audit: 'change', showsEvents: true },
      schema: {
        tags,
        operationId: 'openGate',
        summary: 'Open a gate by hand',
        description:
          'Sends an alert of the rule `by-hand` through a channel with `opens`. The audit has who did it and why.',
        querystring: noQuery,
        body: openGateSchema,
        response: { 202: queuedSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const { camera, channel, event: eventId, reason } = request.body;
      request.auditNote.query = { camera, channel, reason, ...(eventId !== null && { event: eventId }) };
      const scope = scopeOf(request);
      if (!hub.knows(camera, scope) && !admits(scope, { camera, site: undefined })) {
        throw new AlprError('NOT_FOUND', `There is no camera ${camera}`);
      }
      if (!(await listOpening()).some(({ id }) => id === channel)) {
        throw new AlprError('NOT_FOUND', `No channel ${channel} opens a gate; set opens in one at /channels`);
      }
      const found = eventId === null ? undefined : await findEvent(sql, eventId, scope);
      if (eventId !== null && !found) throw new AlprError('NOT_FOUND', `There is no event ${eventId}`);
      if (found) request.auditNote.plates = [found.event.plate.text_normalized];
      const why = [`${whoAsks(request).name} opens the gate`, reason].filter((part) => part !== '').join(': ');
      const alert = makeTrialAlert({ name: 'By hand', why, event: found?.event, camera });
      return reply.code(202).send({ delivery: await queueTrial(sql, { channel, alert, byHand: true }) });
    },
  );
}
