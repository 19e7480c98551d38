import { readFileSync } from 'node:fs';
import { AlprError, messageOf } from '../base/errors.ts';
import { type Alert, alertSchema } from './alert.ts';
import { type NoteIgnored, parseKnown } from './known-fields.ts';
import { WireCodec, type WireForm, type WireOptions } from './wire-codec.ts';

/** The Avro schema of alerts as this version writes them. */
export const ALERT_AVSC: string = readFileSync(new URL('alert.avsc', import.meta.url), 'utf8');

type AlertRecord = ReturnType<typeof toRecord>;

const FORM: WireForm<Alert> = {
  name: 'an Alert',
  schema: ALERT_AVSC,
  toRecord,
  fromRecord: (record) => parseAlert(fromRecord(record as AlertRecord)),
  encodeJson: (alert) => Buffer.from(JSON.stringify(alert)),
  decodeJson: (bytes, note) => parseAlert(parseJson(bytes), note),
};

/** Alerts as bytes of the wire and back. */
export class AlertCodec extends WireCodec<Alert> {
  constructor(options: WireOptions) {
    super(FORM, options);
  }
}

/** The alert that `value` is, without fields that it does not know; EVENT_INVALID names the first field that does not fit. */
function parseAlert(value: unknown, note?: NoteIgnored): Alert {
  const result = parseKnown(alertSchema, value, note);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') || 'the top';
  throw new AlprError('EVENT_INVALID', `Expected an Alert (schema_version 1); at ${where}: ${issue?.message}`);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch (cause) {
    throw new AlprError('EVENT_INVALID', `Expected an Alert as JSON: ${messageOf(cause)}`, { cause });
  }
}

/** Moments are milliseconds on the wire. */
function toRecord(alert: Alert) {
  const { passage, system } = alert;
  return {
    ...alert,
    at: Date.parse(alert.at),
    passage: passage && { ...passage, detected_at: Date.parse(passage.detected_at) },
    system: system && { ...system, since: Date.parse(system.since) },
  };
}

function fromRecord(record: AlertRecord): unknown {
  const { passage, matched, system } = record;
  return {
    ...record,
    rule: { ...record.rule },
    at: formatTime(record.at),
    passage: passage && {
      ...passage,
      detected_at: formatTime(passage.detected_at),
      pictures: passage.pictures && { ...passage.pictures },
    },
    matched: matched && { ...matched, entry: matched.entry && { ...matched.entry } },
    system: system && { ...system, since: formatTime(system.since) },
  };
}

function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
