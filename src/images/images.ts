export type StoredImage = Readonly<{ bytes: Uint8Array; contentType: string }>;

/**
 * Where pictures are kept. Keys are relative paths of lower-case letters, digits, `-`, `_`, `.` and `/`; anything else
 * is refused with `IMAGE_KEY_INVALID`.
 */
export interface Images extends AsyncDisposable {
  /** Durable once resolved; writing the same key again replaces it. */
  put(key: string, bytes: Uint8Array, contentType: string): Promise<void>;
  get(key: string): Promise<StoredImage | undefined>;
  remove(key: string): Promise<void>;
}
