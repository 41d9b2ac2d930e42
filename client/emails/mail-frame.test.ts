import { expect, it } from "vitest";
import { formatBytes, framedMail } from "./mail-frame.ts";

it("links of an email open beside the frame, whether it is a whole page or a part", () => {
  expect(framedMail("<html><head><title>x</title></head><body>a</body></html>")).toContain(
    '<head><base target="_blank"><title>',
  );
  expect(framedMail("<p>a</p>")).toContain('<base target="_blank"></head><body><p>a</p>');
});

it("sizes are said in the unit that fits", () => {
  expect([812, 1400, 2_500_000].map(formatBytes)).toEqual(["812 B", "1.4 kB", "2.5 MB"]);
});
