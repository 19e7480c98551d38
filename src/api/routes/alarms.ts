import { alertmanagerBodySchema } from '../../contract/api/alertmanager.ts';
import { goneSchema, noQuery } from '../../contract/api/fields.ts';
import { decodeAlertmanager } from '../../exchange/alertmanager.ts';
import type { ApiContext, Server } from '../context.ts';

const MAX_BYTES = 4 << 20;

/** Where Prometheus' Alertmanager reports alarms, so that they reach people as alerts do. */
export function addAlarmRoutes(server: Server, { takeAlarms }: ApiContext): void {
  server.post(
    '/alerts/alertmanager',
    {
      bodyLimit: MAX_BYTES,
      config: { access: 'alarms', audit: 'change' },
      schema: {
        tags: ['Alerts'],
        operationId: 'takeAlarms',
        summary: 'Take a notification of Alertmanager’s webhook, version 4',
        description:
          'Each rule with `system: {alarm: …}` that matches makes one alert while an alarm fires, and withdraws it afterwards. The same notification again changes nothing.',
        querystring: noQuery,
        body: alertmanagerBodySchema,
        response: { 204: goneSchema },
      },
    },
    async (request, reply) => {
      const alarms = decodeAlertmanager(request.body);
      request.auditNote.query = { alarms: [...new Set(alarms.map(({ name }) => name))].slice(0, 20) };
      request.auditNote.results = alarms.length;
      await takeAlarms(alarms);
      return reply.code(204).send(null);
    },
  );
}
