/**
 * Every error code: what it means, whether trying again can help, and the HTTP status it becomes. Codes are never reused. The table
 * stands in vision, which imports nothing outside itself and throws these errors too; all others import base/errors.ts.
 */
export const ERROR_CODES = {
  CONFIG_INVALID: { retry: false, http: 500, means: 'The configuration does not fit its schema' },
  INPUT_INVALID: { retry: false, http: 400, means: 'A request or argument does not fit its schema' },
  NOT_FOUND: { retry: false, http: 404, means: 'The requested thing does not exist' },
  SIGN_IN: { retry: false, http: 401, means: 'Nobody has signed in, or the token or session is over' },
  SIGN_IN_FAILED: { retry: false, http: 401, means: 'Name, password, code or one-time link is wrong or over' },
  SECOND_FACTOR_REQUIRED: { retry: false, http: 401, means: 'The password is right, and the code is missing' },
  PASSWORD_REFUSED: { retry: false, http: 422, means: 'A new password is too short, too common or the name' },
  FORBIDDEN: { retry: false, http: 403, means: 'Whoever asks may not do this' },
  PURPOSE_REQUIRED: {
    retry: false,
    http: 403,
    means: 'A purpose or case number is missing or not one of those allowed',
  },
  CONFLICT: { retry: false, http: 409, means: 'Something else was changed or exists already' },
  TOO_MANY_REQUESTS: { retry: true, http: 429, means: 'Whoever asks has asked too often' },
  SIGN_IN_BUSY: { retry: true, http: 503, means: 'More people sign in than can be served in time' },
  AUDIT_UNAVAILABLE: { retry: true, http: 503, means: 'What was done cannot be written down, so it is not done' },
  METHOD_NOT_ALLOWED: { retry: false, http: 405, means: 'The address exists, but does not answer this method' },
  VIEWERS_FULL: { retry: true, http: 429, means: 'As many live streams are open as are served at once' },
  ADDRESS_REFUSED: {
    retry: false,
    http: 422,
    means: 'An address was given that this program does not ask, such as a private one',
  },
  ADDRESS_FAILED: {
    retry: true,
    http: 422,
    means: 'A server at an address that was given does not answer as it should',
  },
  READS_FULL: { retry: true, http: 503, means: 'As many pictures wait to be read as there are places' },
  IMAGE_INVALID: { retry: false, http: 422, means: 'A picture cannot be decoded or has an unusable size' },
  IMAGE_KEY_INVALID: { retry: false, http: 400, means: 'An image key has characters or segments that are not allowed' },
  IMAGE_DAMAGED: { retry: false, http: 500, means: 'A stored picture differs from the one that was written' },
  IMAGES_UNAVAILABLE: { retry: true, http: 503, means: 'The picture store is unreachable or refuses requests' },
  MODEL_INVALID: { retry: false, http: 500, means: 'A model or its model.json is invalid' },
  MODEL_NOT_FOUND: { retry: false, http: 500, means: 'No model with that name is in the model folders' },
  MODEL_UNTRUSTED: {
    retry: false,
    http: 422,
    means: 'A version of a registry is not signed by a trusted key, or was changed since',
  },
  MODEL_REGISTRY_UNAVAILABLE: {
    retry: true,
    http: 503,
    means: 'The model registry cannot be reached, or does not answer as it should',
  },
  MODEL_REGISTRY_REFUSED: {
    retry: false,
    http: 500,
    means: 'The model registry refused a request, for example because of the password',
  },
  FORMATS_INVALID: { retry: false, http: 500, means: 'The file of plate formats is missing or not what was expected' },
  PROVIDER_UNAVAILABLE: { retry: false, http: 500, means: 'The requested execution provider does not work here' },
  INFERENCE_FAILED: { retry: true, http: 500, means: 'A network could not be run on an input' },
  INFERENCE_REFUSED: { retry: false, http: 500, means: 'The inference server does not take an input' },
  INFERENCE_SERVER_AWAY: {
    retry: true,
    http: 503,
    means: 'The inference server cannot be reached, is not ready or does not have the model',
  },
  CAMERA_FAILED: { retry: true, http: 503, means: 'A camera stream ended, stalled or was refused' },
  FFMPEG_MISSING: { retry: false, http: 500, means: 'No usable ffmpeg was found' },
  GSTREAMER_MISSING: {
    retry: false,
    http: 500,
    means: 'GStreamer or an element of it that a camera needs was not found',
  },
  VIDEO_INVALID: { retry: false, http: 422, means: 'A video file cannot be decoded' },
  SPOOL_FAILED: { retry: true, http: 503, means: 'The event spool could not be written or read' },
  BUS_UNAVAILABLE: { retry: true, http: 503, means: 'The bus did not accept a message' },
  MESSAGE_REFUSED: { retry: false, http: 500, means: 'The broker will never accept this message' },
  SCHEMA_UNKNOWN: { retry: false, http: 422, means: 'A message names a schema that the registry does not have' },
  SCHEMA_REFUSED: { retry: false, http: 500, means: 'The registry does not accept the schema of this version' },
  REGISTRY_UNAVAILABLE: { retry: true, http: 503, means: 'The schema registry cannot be reached' },
  EVENT_INVALID: { retry: false, http: 422, means: 'A message is not a PlateEvent' },
  DATABASE_UNAVAILABLE: { retry: true, http: 503, means: 'The database cannot be reached' },
  DATABASE_NEWER: { retry: false, http: 500, means: 'The database was migrated by a newer version of this program' },
  SEARCH_UNAVAILABLE: { retry: true, http: 503, means: 'The search engine is unreachable or accepts no requests now' },
  SEARCH_OVERLOADED: {
    retry: true,
    http: 503,
    means: 'A request was too large or too slow for the search engine',
  },
  SEARCH_REFUSED: {
    retry: false,
    http: 500,
    means: 'The search engine refused a request, for example because of the password',
  },
  DELIVERY_REFUSED: { retry: false, http: 422, means: 'The other side of a channel will never take this message' },
  DELIVERY_FAILED: { retry: true, http: 502, means: 'A channel could not hand over a message' },
  RULE_INVALID: { retry: false, http: 422, means: 'A rule of alerts cannot be followed as it is written' },
  PORT_IN_USE: { retry: false, http: 500, means: 'Another process uses the address' },
  INTERNAL: { retry: false, http: 500, means: 'A fault of this program; its log has the details' },
  ALREADY_RUNNING: { retry: false, http: 500, means: 'Another instance uses this data folder' },
} as const satisfies Record<string, Readonly<{ retry: boolean; http: number; means: string }>>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** The one error of this system: a code, and a message that says what was expected, what came and what to do. */
export class AlprError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AlprError';
    this.code = code;
  }

  /** Whether the same attempt may succeed later. */
  get retry(): boolean {
    return ERROR_CODES[this.code].retry;
  }
}
