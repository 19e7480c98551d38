/** Packed 8-bit RGB, row-major, no row padding: `data.length === width * height * 3`. */
export type RgbImage = Readonly<{ kind: 'rgb24'; width: number; height: number; data: Uint8Array }>;

/**
 * Planar 4:2:0 video picture: the Y plane (`width × height`), then U and V (`ceil(width/2) × ceil(height/2)` each),
 * BT.601 limited range unless `fullRange`.
 */
export type YuvImage = Readonly<{
  kind: 'yuv420p';
  width: number;
  height: number;
  data: Uint8Array;
  fullRange?: boolean;
}>;

/** Pixels in one of the two layouts that flow through the system. */
export type Image = RgbImage | YuvImage;
