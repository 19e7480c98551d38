import { z } from 'zod';
import { normalizePlate } from '../plate-text.ts';

/** Without control characters; written so that every dialect of regular expressions reads it. */
const noControls = /^[ -~\u00a0-\uffff]+$/;

/** The query string of routes that take none: every key is refused. */
export const noQuery = z.strictObject({});

/** The number of entries on one page. */
export const limitField = z.coerce.number().int().min(1).max(500).default(50).describe('Entries per page, 1–500');

/** Where to continue: `next` of the previous page. */
export const cursorField = z.string().min(1).max(512).optional().describe('`next` of the page before');

/** Id of a camera, as configured. */
export const cameraField = z.string().min(1).max(64).regex(noControls, 'expected the id of a camera');

/** A value that events are filtered by: without control characters. */
export const valueField = z.string().min(1).max(64).regex(noControls, 'expected no control characters');

/** A plate as a person types it, reduced to what is stored: upper-case letters and digits. */
export const plateField = z
  .string()
  .max(64)
  .transform(normalizePlate)
  .pipe(z.string().min(1, 'expected letters and digits').max(24));

/** A moment with its offset from UTC, limited to the years that the database can store. */
export const momentField = z.iso
  .datetime({ offset: true })
  .regex(/^(19|20|21)\d\d/, 'expected a year from 1900 to 2199');

/** Metrics in the text format of Prometheus. */
export const metricsTextSchema = z.string();

/** The bytes of a picture. */
export const pictureSchema = z.unknown().meta({ type: 'string', format: 'binary' });

/** An answer without a body, whose header `Location` says where to look. */
export const movedSchema = z.null().describe('It is at the address in `Location`');

/** An answer without a body: it is done. */
export const goneSchema = z.null().describe('Done');

/** Key of a picture, the rest of the address. */
export const imageKeyParams = z.strictObject({ '*': z.string().max(512).describe('Key of the picture') });
