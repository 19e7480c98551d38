export type StoredImage = Readonly<{ bytes: Uint8Array; contentType: string }>;

/** A picture as a listing shows it. */
export type ImageEntry = Readonly<{ key: string; bytes: number; storedAt: Date }>;

/**
 * Where pictures are kept. Keys are relative paths of lower-case letters, digits, `-`, `_`, `.` and `/`; anything else
 * is refused with `IMAGE_KEY_INVALID`. A store that is away is `IMAGES_UNAVAILABLE`, which may be tried again; a picture
 * whose bytes are not those that were put, where the store can tell, is `IMAGE_DAMAGED`.
 */
export interface Images extends AsyncDisposable {
  /** Durable once resolved; writing the same key again replaces it. */
  put(key: string, bytes: Uint8Array, contentType: string): Promise<void>;
  get(key: string): Promise<StoredImage | undefined>;
  remove(key: string): Promise<void>;
  /** Every picture, in no particular order. */
  list(): AsyncIterable<ImageEntry>;
  /** A link under which anyone gets the picture for a while; undefined where it is to be fetched with `get` instead. */
  link(key: string): Promise<string | undefined>;
  /**
   * Gives up some of the pictures that wait here for a store elsewhere, the oldest first, where the disk has no room for
   * events; how many. Absent where none ever waits.
   */
  giveUpOldest?(): Promise<number>;
  /** `https://host:port` that links lead to, for the page's policy; undefined where there are none. */
  readonly linkOrigin: string | undefined;
}
