import { expect, it } from "vitest";
import { splitAddresses } from "./addresses.ts";

it("a pasted list becomes one address a person, in order, each once", () => {
  expect(
    splitAddresses(
      'Mara Li <Mara@example.org>, tom@example.org;\n"Ng, A" <a.ng@example.org> TOM@example.org',
    ),
  ).toEqual(["mara@example.org", "tom@example.org", "a.ng@example.org"]);
});

it("text without an address is kept as it is", () => {
  expect(splitAddresses(" mara ")).toEqual(["mara"]);
  expect(splitAddresses("  ")).toEqual([]);
});
