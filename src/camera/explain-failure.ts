import type { RunEnd } from './decoder.ts';

/** Why a stream ended, for people, and whether an early retry could do harm (by locking an account). */
export type Failure = Readonly<{ sentence: string; refused: boolean }>;

const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/401 unauthori[sz]ed|unauthori[sz]ed \(401\)|authorization failed/i, 'refused: wrong user or password (401)'],
  [/403 forbidden|forbidden \(403\)/i, 'refused: this user may not see the stream (403)'],
  [
    /404 not found|not found \(404\)|stream not found/i,
    'the server has no stream at this address (404); check the path of the url',
  ],
  [/connection refused|ECONNREFUSED/i, 'nothing answers at this address (connection refused)'],
  [/timed? ?out|timeout/i, 'the camera does not answer (timed out)'],
  [/no route to host|network is unreachable|EHOSTUNREACH|ENETUNREACH/i, 'the network of the camera cannot be reached'],
  [/resolve hostname|name or service|getaddrinfo/i, 'the host name in the url is not known'],
  [
    /no such (file|device)|cannot open video device/i,
    'the device is not there; plug the camera in or correct the device',
  ],
  [/device or resource busy/i, 'another program uses the device'],
  [/permission denied/i, 'this user may not open it (permission denied)'],
];

/** Applies only to a stream that never gave a picture: later ones have such errors whenever a packet is lost. */
const NO_VIDEO = [
  /invalid data found|could not find codec/i,
  'what came is not a video stream that can be decoded',
] as const;

const DENIED = /\(40[13]\)/;

/** Searches the errors of a run, newest first, for the reason it ended. `mask` removes passwords. */
export function explainFailure(end: RunEnd, stallMs: number, mask: (text: string) => string): Failure {
  if (end.cause === 'stall') {
    return { sentence: `no picture came for ${(stallMs / 1000).toFixed(1)} s`, refused: false };
  }
  for (const [pattern, sentence] of end.pictures === 0 ? [...KNOWN, NO_VIDEO] : KNOWN) {
    if (end.faults.some((fault) => pattern.test(mask(fault)))) return { sentence, refused: DENIED.test(sentence) };
  }
  const last = end.faults.at(-1);
  if (end.code === 0) return { sentence: 'the camera ended the stream', refused: false };
  return { sentence: last ? mask(last) : `decoding ended with code ${end.code}`, refused: false };
}
