const REPLACEMENT = '\ufffd';
/** Unpaired code units of this range; those of a pair do not match. */
const ESCAPES = /[\udc80-\udcff]/u;

/** A byte 0x80 + n that is not part of UTF-8 becomes U+DC80 + n, which never stands alone in text (PEP 383). */
const ESCAPE = 0xdc00;

/** Longest sequence of bytes that is one character of UTF-8. */
const LONGEST = 4;

/**
 * The bytes of a key or header as text. Other programs may write any bytes; those that are not UTF-8 survive the way
 * back through `encodeText`.
 */
export function decodeText(bytes: Uint8Array | null | undefined): string {
  if (!bytes) return '';
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = view.toString('utf8');
  return text.includes(REPLACEMENT) ? decodeWithEscapes(view) : text;
}

/** The bytes of a text, including those that `decodeText` could not read. */
export function encodeText(text: string): Buffer {
  return ESCAPES.test(text) ? encodeWithEscapes(text) : Buffer.from(text);
}

function decodeWithEscapes(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const char = readCharacter(bytes, at);
    text += char ?? String.fromCharCode(ESCAPE + bytes.readUInt8(at));
    at += char === undefined ? 1 : Buffer.byteLength(char);
  }
  return text;
}

/** The character that begins at `at`; undefined where none does. */
function readCharacter(bytes: Buffer, at: number): string | undefined {
  for (let length = 1; length <= LONGEST && at + length <= bytes.length; length++) {
    const part = bytes.subarray(at, at + length);
    const char = part.toString('utf8');
    if (Buffer.from(char).equals(part)) return char;
  }
  return undefined;
}

function encodeWithEscapes(text: string): Buffer {
  const parts: Buffer[] = [];
  for (const char of text) {
    parts.push(ESCAPES.test(char) ? Buffer.of(char.charCodeAt(0) - ESCAPE) : Buffer.from(char));
  }
  return Buffer.concat(parts);
}
