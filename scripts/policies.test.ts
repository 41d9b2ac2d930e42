import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { policiesFile, policiesPage } from "./policies.ts";

test("docs/policies.md says what the tables say: `npm run policies` writes it anew", async () => {
  expect(await readFile(policiesFile, "utf8")).toBe(policiesPage());
});
