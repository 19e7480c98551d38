import type { LogLine } from './decoding-child.ts';

const CAPS = /GstIdentity:seen\.GstPad:src: caps = video\/x-raw(.*)$/;
const PICTURE = /GstIdentity:seen: last-message = chain .* pts: ([^,\s]+),/;
const CODEC = /\/GstDecodeBin:[^/]+\/(?:.*\/)?[^/:]+:([^/:]+)\.GstPad:src: caps = video\/x-raw/;
const LENGTH = /^progressreport\d+ \([\d:]+\): \d+ \/ (\d+) seconds/;
const CREATED = /^ *datetime: (\S+)/;
const FAULT =
  /^(?:ERROR: from element \S+: |\d+:\d\d:\d\d\.\d+ +\d+ +0x\w+ +ERROR +\S+ +(?:\S+:\d+:[^:]*:(?:<[^>]*>)? )?)(.*)$/;
/** A container that has less than it says only warns. */
const CUT = /WARN +qtdemux .*(short read: .*)$/;
/** Where in the sources of GStreamer an error was found; what follows in the next line says more than the error. */
const PLACE = /^\S+\.c(?:pp)?\(\d+\): /;

/** Makes a parser of what one descriptor of `gst-launch-1.0 -v -t` has. */
export function createGstreamerParser(): (line: string) => LogLine | undefined {
  let isDetail = false;
  return (line) => {
    const wasDetail = isDetail;
    isDetail = PLACE.test(line);
    return wasDetail ? { kind: 'fault', text: line } : parseLine(line);
  };
}

/** Undefined for the many lines without useful content. */
function parseLine(line: string): LogLine | undefined {
  const picture = PICTURE.exec(line);
  if (picture) return { kind: 'picture', seconds: toSeconds(picture[1] ?? ''), interlaced: false };
  const caps = CAPS.exec(line)?.[1];
  if (caps !== undefined) {
    const find = (name: string) => Number(new RegExp(`\\b${name}=\\(int\\)(\\d+)`).exec(caps)?.[1]);
    const [, count, of] = /framerate=\(fraction\)(\d+)\/(\d+)/.exec(caps) ?? [];
    // The first of the four numbers is the range; the names stand for those of television, 16 to 235.
    const fullRange = /colorimetry=\(string\)(?:1:|sRGB)/.test(caps);
    return { kind: 'input', width: find('width'), height: find('height'), fullRange, rate: Number(count) / Number(of) };
  }
  const codec = CODEC.exec(line)?.[1];
  if (codec !== undefined) return { kind: 'codec', text: codec.replace(/-?\d+$/, '') };
  const length = LENGTH.exec(line)?.[1];
  if (length !== undefined) return { kind: 'duration', seconds: Number(length) };
  const created = CREATED.exec(line)?.[1];
  if (created !== undefined) return { kind: 'created', text: created };
  const cut = CUT.exec(line)?.[1];
  const fault = cut === undefined ? FAULT.exec(line)?.[1] : `the file is truncated (${cut})`;
  return fault === undefined ? undefined : { kind: 'fault', text: fault };
}

/** `0:00:01.033333333` as seconds; NaN for `none`. */
function toSeconds(time: string): number {
  const [hours = Number.NaN, minutes = Number.NaN, seconds = Number.NaN] = time.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}
