import type { LogLine } from './decoding-child.ts';

const INPUT = /^\[graph \d+ input from stream [^\]]*\] \[verbose\] w:(\d+) h:(\d+)/;
const PICTURE = /^\[Parsed_showinfo_\d+ @[^\]]*\].*\bpts_time:\s*(\S+)(?:.* i:([PTB]))?/;
const UNTIMED = /^\[info\] Input #0, mpjpeg,/;
const DURATION = /^\[info\]\s+Duration: (\d+):(\d+):(\d+(?:\.\d+)?)/;
const CREATED = /^\[info\]\s+creation_time\s*: (\S+)/;
const FAULT = /^(?:\[[^\]]* @ [^\]]*\] )?\[(?:error|fatal|panic)\] (.*)$/;

/** Parses one line of ffmpeg's log (at `repeat+level+verbose`); undefined for the many lines without useful content. */
export function parseLogLine(line: string): LogLine | undefined {
  const picture = PICTURE.exec(line);
  if (picture) {
    return { kind: 'picture', seconds: Number(picture[1]), interlaced: picture[2] === 'T' || picture[2] === 'B' };
  }
  const input = INPUT.exec(line);
  if (input) return { kind: 'input', width: Number(input[1]), height: Number(input[2]) };
  if (UNTIMED.test(line)) return { kind: 'untimed' };
  const duration = DURATION.exec(line);
  if (duration) {
    const [hours = 0, minutes = 0, seconds = 0] = duration.slice(1).map(Number);
    return { kind: 'duration', seconds: hours * 3600 + minutes * 60 + seconds };
  }
  const created = CREATED.exec(line);
  if (created) return { kind: 'created', text: created[1] ?? '' };
  const fault = FAULT.exec(line);
  return fault ? { kind: 'fault', text: fault[1] ?? '' } : undefined;
}
