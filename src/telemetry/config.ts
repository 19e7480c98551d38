import { z } from 'zod';

export const metricsConfigSchema = z
  .strictObject({
    report_seconds: z
      .number()
      .min(0.1)
      .max(3600)
      .meta({ unit: 'seconds' })
      .default(15)
      .describe(
        'Time between two reports of metrics. Raising it saves messages; changes, and passages in the read rate, appear later.',
      ),
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address on which `alpr metrics-consumer` shows the metrics of all processes.'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(9464)
      .describe('TCP port of `alpr metrics-consumer`; 0 takes any free one.'),
  })
  .prefault({})
  .describe('Metrics that cross Kafka.');

const healthPort = (service: string) =>
  z
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe(
      `TCP port on which \`alpr ${service}\` answers /health, /health/live and /metrics; 0 takes any free one, and none is open if left out.`,
    );

export const healthConfigSchema = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('Address on which the processes below report their health.'),
    edge: healthPort('edge'),
    ingest: healthPort('ingest'),
    index: healthPort('index'),
    alerts: z
      .int()
      .min(0)
      .max(65_535)
      .default(8003)
      .describe(
        'TCP port on which `alpr alerts` answers /health, /health/live and /metrics; 0 takes any free one. Two on one machine need two ports.',
      ),
  })
  .prefault({})
  .describe('Health of single processes.');

export type MetricsConfig = Readonly<z.infer<typeof metricsConfigSchema>>;
