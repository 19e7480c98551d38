import { z } from 'zod';

export const metricsConfigSchema = z
  .strictObject({
    report_seconds: z
      .number()
      .min(0.1)
      .max(3600)
      .default(15)
      .describe('Seconds between two reports of what a process counts, sent to the topic of metrics on Kafka'),
    host: z.string().min(1).default('127.0.0.1').describe('Address on which alpr metrics-consumer shows them all'),
    port: z.int().min(0).max(65_535).default(9464).describe('Port of alpr metrics-consumer; 0 takes a free one'),
  })
  .prefault({});

const healthPort = (service: string) =>
  z
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe(
      `Port on which alpr ${service} answers /health, /health/live and /metrics; 0 takes a free one, without it none`,
    );

export const healthConfigSchema = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('Address on which the processes below say how they are'),
    edge: healthPort('edge'),
    ingest: healthPort('ingest'),
    index: healthPort('index'),
  })
  .prefault({});

export type MetricsConfig = Readonly<z.infer<typeof metricsConfigSchema>>;
