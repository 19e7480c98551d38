import { z } from 'zod';

/** Names of the files that are not in the manifest: itself, what signs it, and the public key. */
export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'manifest.sig';
export const PUBLIC_KEY = 'signing-key.pem';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What is in a zip of evidence. The signature is of its bytes. */
export const manifestSchema = z.strictObject({
  format: z.literal('ovr-alpr evidence'),
  version: z.literal(1),
  event_id: z.string(),
  made_at: z.string(),
  made_by: z.string(),
  program: z.string(),
  fingerprint: sha256.describe('Of the key that signs'),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int().min(0), sha256 })),
  missing: z
    .array(z.strictObject({ key: z.string(), sha256, why: z.string() }))
    .describe('Pictures that are not in it'),
});

export type Manifest = Readonly<z.infer<typeof manifestSchema>>;
