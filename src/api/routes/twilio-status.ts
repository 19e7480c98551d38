import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { AlprError } from '../../base/errors.ts';
import { channelParamsSchema, statusFormSchema, statusQuerySchema } from '../../contract/api/channels.ts';
import { goneSchema } from '../../contract/api/fields.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import { checkTwilioSignature, describeTwilioStatus, twilioStatusPath } from '../../exchange/twilio-status.ts';
import { listChannels, unsealChannel } from '../../store/alerts/channels.ts';
import { noteAnswer } from '../../store/alerts/deliveries.ts';
import type { ApiContext, Server } from '../context.ts';

const FORM = 'application/x-www-form-urlencoded';
const MAX_BYTES = 16 << 10;

/** Where Twilio tells what became of a text message. It signs what it says; nobody else is heard. */
export async function addTwilioStatusRoute(server: Server, { sql, keyFile }: ApiContext): Promise<void> {
  // Its own server, so that no other route takes a form.
  await server.register(async (forms) => {
    forms.addContentTypeParser(FORM, { bodyLimit: MAX_BYTES, parseAs: 'string' }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    forms.withTypeProvider<ZodTypeProvider>().post(
      '/alerts/channels/:channel/status',
      {
        config: { access: 'public' },
        schema: {
          tags: ['Channels'],
          operationId: 'takeTwilioStatus',
          summary: 'What became of a text message, told and signed by Twilio',
          consumes: [FORM],
          params: channelParamsSchema,
          querystring: statusQuerySchema,
          body: statusFormSchema,
          response: { 204: goneSchema, 403: problemSchema },
        },
      },
      async (request, reply) => {
        const { channel: id } = request.params;
        const { key } = request.query;
        const kept = (await listChannels(sql)).find((one) => one.id === id);
        const channel = kept && unsealChannel(kept, keyFile);
        const signature = request.headers['x-twilio-signature'];
        if (channel?.kind !== 'twilio' || !channel.callback_url || typeof signature !== 'string') throw unknown();
        const url = channel.callback_url.replace(/\/$/, '') + twilioStatusPath(id, key);
        if (!checkTwilioSignature(channel.auth_token ?? '', { url, form: request.body, signature })) throw unknown();
        const answer = describeTwilioStatus(request.body);
        if (answer !== undefined) await noteAnswer(sql, { key, channel: id, answer });
        return reply.code(204).send(null);
      },
    );
  });
}

/** Whatever is wrong, a stranger learns nothing from it. */
function unknown(): AlprError {
  return new AlprError('FORBIDDEN', 'Expected a status signed by Twilio for a channel that there is');
}
