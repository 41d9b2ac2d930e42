import { expect, test } from "vitest";
import { safeReturnPath } from "./return-path.ts";

test.each([
  ["/", "/"],
  ["/meetings/1?tab=notes#top", "/meetings/1?tab=notes#top"],
  ["/a/../b", "/b"],
])("[SESSION-1] a path of this site is where one returns to: %s", (given, expected) => {
  expect(safeReturnPath(given)).toBe(expected);
});

test.each([
  "",
  "meetings",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "https://evil.example/",
  "javascript:alert(1)",
  "/auth/sign-in",
  "/local-sign-in/logout",
  "/api/v1/me",
  `/${"x".repeat(2_000)}`,
])("[SESSION-2] anything else returns to the start page: %s", (given) => {
  expect(safeReturnPath(given)).toBe("/");
});
