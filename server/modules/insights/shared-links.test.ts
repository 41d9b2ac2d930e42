// Addresses found in words: what counts as one, what is left, and that nothing shown leads elsewhere than it says.
import { expect, test } from "vitest";
import { userIdSchema } from "../../../shared/ids.ts";
import { sharedLinkSchema } from "../../../shared/schemas/insights.ts";
import { addressesIn, chatLinks, distinctLinks, notesLinks } from "./shared-links.ts";

const urls = (text: string, options = {}) => addressesIn(text, options).map(({ url }) => url);

test.each([
  ["See https://example.org/plan?week=2.", "https://example.org/plan?week=2"],
  ["(it is at http://example.org/a_(b))", "http://example.org/a_(b)"],
  ["Look at www.example.org, please", "https://www.example.org/"],
  ["it's on example.org/diary.", "https://example.org/diary"],
  ["HTTPS://Example.ORG/Plan", "https://example.org/Plan"],
])("[INSIGHTS-41] an address is what stands there, without the signs of its sentence: %s", (text, url) => {
  expect(urls(text)).toEqual([url]);
});

test.each([
  "javascript:alert(1)",
  "data:text/html,hello",
  "file:///etc/passwd",
  "mail ann@example.org",
  "https://ann:secret@example.org/",
  "https://example.org@evil.example/",
  "http://localhost:3000/private",
  "https://example.org/\u202Egpj.exe",
  "I came home.At work it was fine",
  "version 2.0.1",
])("[INSIGHTS-41] no address, or none that is safe to follow: %s", (text) => {
  expect(urls(text)).toEqual([]);
});

test("[INSIGHTS-41] what is spelt out counts in speech alone", () => {
  expect(urls("go to example dot org", { spoken: true })).toEqual(["https://example.org/"]);
  expect(urls("go to example dot org")).toEqual([]);
});

test("[INSIGHTS-42] each address once, with where it came from first; Markdown's signs are no part of it", () => {
  const ann = userIdSchema.parse("a".repeat(24));
  const links = distinctLinks([
    ...chatLinks([
      { userId: ann, content: "https://example.org/a and https://example.org/b" },
      { userId: ann, content: "again https://example.org/a" },
    ]),
    ...notesLinks(
      "- [the diary](<https://example.org/diary>)\n- https://example.org/my\\_list\n- https://example.org/b",
    ),
  ]);
  for (const link of links) expect(sharedLinkSchema.parse(link)).toEqual(link);
  expect(links.map(({ type, url, userId }) => [type, url, userId])).toEqual([
    ["chat", "https://example.org/a", ann],
    ["chat", "https://example.org/b", ann],
    ["notes", "https://example.org/diary", null],
    ["notes", "https://example.org/my_list", null],
  ]);
});
