import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { writtenPages } from "./policies.ts";

test.each(writtenPages)(
  "%s says what the tables say: `npm run policies` writes it anew",
  async (file, page) => {
    expect(await readFile(file, "utf8")).toBe(page());
  },
);
