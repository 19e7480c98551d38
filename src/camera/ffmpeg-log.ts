/** What a line of ffmpeg's log (at `level+verbose`) says. */
export type LogLine =
  | Readonly<{ kind: 'input'; width: number; height: number }>
  | Readonly<{ kind: 'full'; width: number; height: number; fullRange: boolean }>
  | Readonly<{ kind: 'picture'; seconds: number }>
  | Readonly<{ kind: 'duration'; seconds: number }>
  | Readonly<{ kind: 'fault'; text: string }>;

const INPUT = /^\[graph \d+ input from stream [^\]]*\] \[verbose\] w:(\d+) h:(\d+)/;
const FULL = /Stream #1:0.*?: Video: (?:rawvideo|wrapped_avframe).*?\b(yuvj?420p)(\([^)]*\))?, (\d+)x(\d+)/;
const PICTURE = /^\[Parsed_showinfo_\d+ @[^\]]*\].*\bpts_time:\s*(\S+)/;
const DURATION = /^\[info\]\s+Duration: (\d+):(\d+):(\d+(?:\.\d+)?)/;
const FAULT = /^(?:\[[^\]]* @ [^\]]*\] )?\[(?:error|fatal|panic)\] (.*)$/;

/** Parses one line; undefined for the many lines without useful content. */
export function parseLogLine(line: string): LogLine | undefined {
  const picture = PICTURE.exec(line);
  if (picture) return { kind: 'picture', seconds: Number(picture[1]) };
  const input = INPUT.exec(line);
  if (input) return { kind: 'input', width: Number(input[1]), height: Number(input[2]) };
  const full = FULL.exec(line);
  if (full) {
    const fullRange = full[1] === 'yuvj420p' || /\bpc\b/.test(full[2] ?? '');
    return { kind: 'full', width: Number(full[3]), height: Number(full[4]), fullRange };
  }
  const duration = DURATION.exec(line);
  if (duration) {
    const [hours = 0, minutes = 0, seconds = 0] = duration.slice(1).map(Number);
    return { kind: 'duration', seconds: hours * 3600 + minutes * 60 + seconds };
  }
  const fault = FAULT.exec(line);
  return fault ? { kind: 'fault', text: fault[1] ?? '' } : undefined;
}
