export type StoredImage = Readonly<{ bytes: Uint8Array; contentType: string }>;

/** A picture as a listing shows it. */
export type ImageEntry = Readonly<{ key: string; bytes: number; storedAt: Date }>;

/**
 * Where pictures are kept. Keys are relative paths of lower-case letters, digits, `-`, `_`, `.` and `/`; anything else
 * is refused with `IMAGE_KEY_INVALID`. A store that is away is `IMAGES_UNAVAILABLE`, which may be retried. A picture
 * whose bytes differ from those stored is `IMAGE_DAMAGED`, if the store can tell.
 */
export interface Images extends AsyncDisposable {
  /** Durable once resolved; writing the same key again replaces it. */
  put(key: string, bytes: Uint8Array, contentType: string): Promise<void>;
  get(key: string): Promise<StoredImage | undefined>;
  remove(key: string): Promise<void>;
  /** Every picture, or those below a folder of keys, in no particular order. */
  list(folder?: string): AsyncIterable<ImageEntry>;
  /** Resolves while pictures can be stored. */
  ping(): Promise<void>;
  /** A link that lets anyone fetch the picture for a while; undefined if it must be fetched with `get`. */
  link(key: string): Promise<string | undefined>;
  /**
   * Gives up some of the pictures that wait here for a remote store, the oldest first, when the disk has no room for
   * events; returns how many. Absent if none ever waits.
   */
  giveUpOldest?(): Promise<number>;
  /** `https://host:port` of the links, for the page's content security policy; undefined without links. */
  readonly linkOrigin: string | undefined;
}
