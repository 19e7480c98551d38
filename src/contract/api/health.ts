import { z } from 'zod';

const message = z.string().optional().describe('Why it is failing');
const part = z.strictObject({ ok: z.boolean(), kind: z.string(), message });

/** Whether everything works, for everybody. */
export const statusSchema = z.strictObject({ status: z.enum(['ok', 'degraded']) });

/** Whether everything works, and what does not. */
const wholeHealthSchema = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  uptime_s: z.number(),
  database: part,
  bus: part,
  search: part,
  images: part,
  reading: part.describe('Reading of pictures that programs send; `kind` is the provider once networks are loaded'),
  disk: z.strictObject({ ok: z.boolean().describe('Whether the data folder is writable and has room'), message }),
  services: z.strictObject({
    ok: z.boolean().describe('Whether no service of the process is stopped or failed'),
    message,
  }),
  models: z.array(
    z.strictObject({ name: z.string(), id: z.string(), provider: z.string().describe('The one in use') }),
  ),
  cameras: z.array(z.strictObject({ id: z.string(), state: z.string(), message: z.string() })),
});

/** The whole for whoever has the permission `system`; for everybody else the status alone. */
export const healthSchema = z.union([wholeHealthSchema, statusSchema]);

/** That the process answers. */
export const aliveSchema = z.strictObject({ status: z.literal('ok') });

export type Health = Readonly<z.infer<typeof wholeHealthSchema>>;
