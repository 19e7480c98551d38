import { readFileSync } from 'node:fs';

/** An H.264 clip for the RTSP server: pictures, each a list of NAL units without start codes. */
export type Clip = Readonly<{ pictures: readonly (readonly Buffer[])[]; sps: Buffer; pps: Buffer }>;

/** Reads an Annex B file (ITU-T H.264) with one slice a picture. */
export function readClip(file: URL): Clip {
  const units = splitUnits(readFileSync(file));
  const pictures: Buffer[][] = [];
  let waiting: Buffer[] = [];
  for (const unit of units) {
    waiting.push(unit);
    const type = typeOf(unit);
    if (type !== 1 && type !== 5) continue;
    pictures.push(waiting);
    waiting = [];
  }
  const [sps, pps] = [7, 8].map((type) => units.find((unit) => typeOf(unit) === type));
  if (!sps || !pps) throw new Error('Expected a clip with its parameter sets');
  return { pictures, sps, pps };
}

function typeOf(unit: Buffer): number {
  return unit.readUInt8() & 31;
}

function splitUnits(bytes: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let at = bytes.indexOf('000001', 0, 'hex'); at >= 0; at = bytes.indexOf('000001', at + 3, 'hex'))
    starts.push(at);
  return starts.map((start, index) => {
    let end = starts[index + 1] ?? bytes.length;
    while (bytes[end - 1] === 0) end--;
    return bytes.subarray(start + 3, end);
  });
}

/** RTP packets of one picture (RFC 6184: single NAL units and FU-A), each framed for RTSP's TCP channel 0 (RFC 2326 §10.12). */
export function packetise(picture: readonly Buffer[], clock: { sequence: number; timestamp: number }): Buffer[] {
  const payloads = picture.flatMap(fragment);
  return payloads.map((payload, index) => {
    const head = Buffer.alloc(16);
    head[0] = 0x24;
    head.writeUInt16BE(12 + payload.length, 2);
    head[4] = 0x80;
    head[5] = 96 | (index === payloads.length - 1 ? 0x80 : 0);
    head.writeUInt16BE(clock.sequence++ & 0xffff, 6);
    head.writeUInt32BE(clock.timestamp >>> 0, 8);
    head.writeUInt32BE(0x0a1b2c3d, 12);
    return Buffer.concat([head, payload]);
  });
}

const ROOM = 1400;

function fragment(unit: Buffer): Buffer[] {
  if (unit.length <= ROOM) return [unit];
  const [header, body] = [unit.readUInt8(), unit.subarray(1)];
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += ROOM) {
    const first = at === 0 ? 0x80 : 0;
    const last = at + ROOM >= body.length ? 0x40 : 0;
    parts.push(
      Buffer.concat([Buffer.from([(header & 0xe0) | 28, first | last | (header & 31)]), body.subarray(at, at + ROOM)]),
    );
  }
  return parts;
}
