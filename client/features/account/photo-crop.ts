// The square that is cut out of a picture: by how much it is enlarged and where it lies, from 0 to 1.

export interface Crop {
  /** 1 shows the whole shorter side. */
  zoom: number;
  /** 0 at the left end of where it may lie, 1 at the right. */
  x: number;
  /** 0 at the top, 1 at the bottom. */
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const firstCrop: Crop = { zoom: 1, x: 0.5, y: 0.5 };
export const maxZoom = 4;

export function sideOf({ width, height }: Size, { zoom }: Crop): number {
  return Math.min(width, height) / zoom;
}

/** In the picture's pixels. */
export function squareOf(size: Size, crop: Crop): { left: number; top: number; side: number } {
  const side = sideOf(size, crop);
  return { left: (size.width - side) * crop.x, top: (size.height - side) * crop.y, side };
}

/** Moved by shares of the square's side: what is drawn to the right shows more of the left. */
export function moved(size: Size, crop: Crop, by: { right: number; down: number }): Crop {
  const side = sideOf(size, crop);
  const along = (at: number, whole: number, share: number) =>
    whole - side < 0.5 ? at : clamped(at - (share * side) / (whole - side), 0, 1);
  return { ...crop, x: along(crop.x, size.width, by.right), y: along(crop.y, size.height, by.down) };
}

/** About the square's middle, as far as the picture's edges allow. */
export function zoomed(size: Size, crop: Crop, zoom: number): Crop {
  const next = { ...crop, zoom: clamped(zoom, 1, maxZoom) };
  const before = squareOf(size, crop);
  const side = sideOf(size, next);
  const along = (start: number, whole: number, at: number) =>
    whole - side < 0.5 ? at : clamped((start + (before.side - side) / 2) / (whole - side), 0, 1);
  return { ...next, x: along(before.left, size.width, crop.x), y: along(before.top, size.height, crop.y) };
}

function clamped(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
