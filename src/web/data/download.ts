import { ask } from './request.ts';

/** How far a download has come; `total` is the number of rows, where the server says it. */
export type Progress = Readonly<{ bytes: number; rows: number; total: number | undefined }>;

/** What a file is fetched with: it can be stopped, and says how far it is. */
export type Wanted = Readonly<{ signal: AbortSignal; onProgress: (progress: Progress) => void }>;

/** A file that has come whole. */
export type Download = Readonly<{ name: string; blob: Blob }>;

/** Fetches one file. */
export type Load = (wanted: Wanted) => Promise<Download>;

const NEWLINE = 10;

/** What fetches the file at an address. */
export function fileAt(path: string): Load {
  return (wanted) => fetchFile(path, wanted);
}

/** Fetches a file and tells how far it is; a file that breaks off is an error, never a shorter one. */
export async function fetchFile(path: string, { signal, onProgress }: Wanted): Promise<Download> {
  const response = await ask(path, { signal });
  const rows = response.headers.get('x-total-rows');
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let progress: Progress = { bytes: 0, rows: 0, total: rows === null ? undefined : Number(rows) };
  onProgress(progress);
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    parts.push(part.value);
    progress = { ...progress, bytes: progress.bytes + part.value.length, rows: progress.rows + countLines(part.value) };
    onProgress(progress);
  }
  const [, name = 'download'] = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  return { name, blob: new Blob(parts, { type: response.headers.get('content-type') ?? '' }) };
}

/** Hands a file to the browser, which stores it where it stores downloads. */
export function saveFile({ name, blob }: Download): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads the address only after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}
