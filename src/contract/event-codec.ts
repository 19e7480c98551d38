import { readFileSync } from 'node:fs';
import { AlprError } from '../base/errors.ts';
import { findMisfit } from './check-record.ts';
import { decodeEvent, encodeEvent, findUnfitFault } from './codec.ts';
import type { PlateEvent } from './plate-event.ts';
import { WireCodec, type WireForm, type WireOptions } from './wire-codec.ts';
import { fromWireRecord } from './wire-event.ts';
import { toWireRecord, type WireRecord } from './wire-record.ts';

/** The Avro schema of events as this version writes them. */
export const PLATE_EVENT_AVSC: string = readFileSync(new URL('plate-event.avsc', import.meta.url), 'utf8');

const FORM: WireForm<PlateEvent> = {
  name: 'a PlateEvent',
  schema: PLATE_EVENT_AVSC,
  toRecord: toWireRecord,
  fromRecord: (record) => readRecord(record as WireRecord),
  encodeJson: encodeEvent,
  decodeJson: decodeEvent,
};

/** Events as bytes of the wire and back. */
export class EventCodec extends WireCodec<PlateEvent> {
  constructor(options: WireOptions) {
    super(FORM, options);
  }
}

function readRecord(record: WireRecord): PlateEvent {
  const misfit = findMisfit(record);
  if (misfit !== undefined) throw new AlprError('EVENT_INVALID', `Expected a PlateEvent; ${misfit} is out of range`);
  const event = fromWireRecord(record);
  const fault = findUnfitFault(event);
  if (fault) throw fault;
  return event;
}
