import { z } from 'zod';
import { readStats } from '../../store/stats.ts';
import { type ApiContext, problemSchema, type Server } from '../context.ts';
import { PassageRate } from '../passage-rate.ts';

const count = z.number().int();

const answer = z.strictObject({
  events_total: count,
  events_24h: count,
  unique_plates_24h: count,
  read_rate_24h: z.number().nullable().describe('Passages read among passages seen since the start, at most 24 h'),
  mean_confidence_24h: z.number().nullable(),
  per_hour: z.array(z.strictObject({ hour: z.string(), events: count })),
  per_camera: z.array(z.strictObject({ camera_id: z.string(), events: count })),
  top_plates: z.array(z.strictObject({ text: z.string(), events: count })),
});

/** Numbers for the page. */
export function addStatsRoutes(server: Server, { sql, hub }: ApiContext): void {
  const rate = new PassageRate();
  server.get(
    '/stats',
    {
      schema: {
        tags: ['System'],
        summary: 'Counts of events; per hour, camera and plate over the last hours',
        querystring: z.strictObject({ hours: z.coerce.number().int().min(1).max(744).default(24) }),
        response: { 200: answer, 400: problemSchema },
      },
    },
    async (request) => {
      const stats = await readStats(sql, request.query.hours);
      return {
        ...stats,
        per_hour: [...stats.per_hour],
        per_camera: [...stats.per_camera],
        top_plates: [...stats.top_plates],
        read_rate_24h: rate.at(Date.now(), hub.cameras()),
      };
    },
  );
}
