import { expect, test } from "vitest";
import { firstCrop, maxZoom, moved, squareOf, zoomed } from "./photo-crop.ts";

const wide = { width: 400, height: 200 };

test("[ACCOUNT-2] at first the middle of the whole shorter side is cut out", () => {
  expect(squareOf(wide, firstCrop)).toEqual({ left: 100, top: 0, side: 200 });
  expect(squareOf({ width: 200, height: 400 }, firstCrop)).toEqual({ left: 0, top: 100, side: 200 });
});

test("[ACCOUNT-2] it is moved and enlarged within the picture, never beyond its edges", () => {
  expect(squareOf(wide, moved(wide, firstCrop, { right: 0.25, down: 0 }))).toMatchObject({
    left: 50,
    top: 0,
  });
  expect(squareOf(wide, moved(wide, firstCrop, { right: -9, down: 9 }))).toMatchObject({ left: 200, top: 0 });
  const near = zoomed(wide, firstCrop, 2);
  expect(squareOf(wide, near)).toEqual({ left: 150, top: 50, side: 100 });
  const corner = moved(wide, near, { right: 9, down: 9 });
  expect(squareOf(wide, corner)).toEqual({ left: 0, top: 0, side: 100 });
  expect(squareOf(wide, zoomed(wide, corner, 1))).toEqual({ left: 0, top: 0, side: 200 });
  expect(zoomed(wide, firstCrop, 99).zoom).toBe(maxZoom);
});
