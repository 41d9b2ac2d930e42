// Addresses and header text: what is taken, and what cannot become a second header or recipient.
import { describe, expect, test } from "vitest";
import { headerText, isMailAddress, parseMailbox } from "./mailbox.ts";

describe("[MAIL-1] only a single plain address is an address", () => {
  test.each(["ann@example.org", "a.b+c@sub.example.org", "connvo@localhost", "jörg@exämple.de"])(
    "%s",
    (value) => expect(isMailAddress(value)).toBe(true),
  );
  test.each([
    "",
    "ann",
    "@example.org",
    "ann@",
    "ann@@example.org",
    "ann@example.org,eve@example.org",
    "ann@example.org\r\nRCPT TO:<eve@example.org>",
    "group:eve@example.org;",
    "Ann <ann@example.org>",
    '"ann eve"@example.org',
    "ann@exam ple.org",
    `${"a".repeat(65)}@example.org`,
    `a@${"b".repeat(260)}`,
  ])("%j is refused", (value) => expect(isMailAddress(value)).toBe(false));
});

test("[MAIL-2] a sender is read as a name with an address or as an address alone", () => {
  expect(parseMailbox("Connvo <connvo@localhost>")).toEqual({ name: "Connvo", address: "connvo@localhost" });
  expect(parseMailbox('"Connvo, Inc" <c@example.org>')).toEqual({
    name: "Connvo, Inc",
    address: "c@example.org",
  });
  expect(parseMailbox(" c@example.org ")).toEqual({ name: null, address: "c@example.org" });
  for (const bad of ["Connvo", "a@b.c, d@e.f", "X <a@b.c> <d@e.f>", "X\r\nBcc: y <a@b.c>"]) {
    expect(parseMailbox(bad)).toBeNull();
  }
});

test("[MAIL-3] header text is one line of bounded length without invisible controls", () => {
  expect(headerText("Hello\r\nBcc: eve@example.org\u2028x\u202egnp\u0000")).toBe(
    "Hello Bcc: eve@example.org x gnp",
  );
  expect([...headerText("🧭".repeat(300), 10)]).toHaveLength(10);
});
