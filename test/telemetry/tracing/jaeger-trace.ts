import { z } from 'zod';

/** A span as Jaeger tells it, its name with that of its service before it. */
export type JaegerSpan = Readonly<{ id: string; parent: string | undefined; name: string; ms: number }>;

const answerSchema = z.object({
  data: z.array(
    z.object({
      spans: z.array(
        z.object({
          spanID: z.string(),
          operationName: z.string(),
          processID: z.string(),
          references: z.array(z.object({ spanID: z.string() })),
          /** Microseconds. */
          duration: z.number(),
        }),
      ),
      processes: z.record(z.string(), z.object({ serviceName: z.string() })),
    }),
  ),
});

/** The spans of an event's trace by the API of Jaeger's page; none while Jaeger knows nothing of it. */
export async function readJaegerTrace(query: string, eventId: string): Promise<readonly JaegerSpan[]> {
  const answer = await fetch(`${query}/api/traces/${eventId.replaceAll('-', '')}`);
  if (answer.status === 404) return [];
  return answerSchema.parse(await answer.json()).data.flatMap(({ spans, processes }) =>
    spans.map(({ spanID, operationName, processID, references, duration }) => ({
      id: spanID,
      parent: references[0]?.spanID,
      name: `${processes[processID]?.serviceName} ${operationName}`,
      ms: duration / 1000,
    })),
  );
}
