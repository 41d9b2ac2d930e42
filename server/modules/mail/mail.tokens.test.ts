import { expect, test } from "vitest";
import { userIdSchema } from "../../../shared/ids.ts";
import { createMailTokens } from "./mail.tokens.ts";

const userId = userIdSchema.parse("a".repeat(24));
const other = "b".repeat(24);
const tokens = createMailTokens(Buffer.alloc(32, 1));

test("[MAIL-51] a link says whose and which, and stands as it is in an address and in a header", () => {
  const token = tokens.tokenOf({ userId, list: "recap" });
  expect(token).toMatch(/^[A-Za-z0-9._-]{20,200}$/);
  expect(encodeURIComponent(token)).toBe(token);
  expect(tokens.read(token)).toEqual({ userId, list: "recap" });
});

test("[MAIL-51] what was changed, cut off or made with another key is none of ours", () => {
  const token = tokens.tokenOf({ userId, list: "recap" });
  const foreign = createMailTokens(Buffer.alloc(32, 2)).tokenOf({ userId, list: "recap" });
  for (const bad of [
    "",
    "recap",
    foreign,
    token.slice(0, -1),
    `${token}.x`,
    token.replace(userId, other),
    token.replace("recap", "update"),
    `${userId}.recap.`,
  ])
    expect([bad, tokens.read(bad)]).toEqual([bad, null]);
});
