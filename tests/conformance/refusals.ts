// The reviewed list of tests that may fail, each for one reason that the server itself must give.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { TestFailure } from "./failures.ts";

const place = {
  suite: z.string(),
  /** Name of the file without its ending; `*` stands for anything. */
  file: z.string(),
  /** Description of the test; `*` stands for anything. */
  test: z.string(),
};

const refusalList = z.array(
  z.union([
    z.strictObject({
      ...place,
      feature: z.string().min(1),
      /** The error code that the server answers with. */
      code: z.number().int(),
      reason: z.string().min(20),
    }),
    z.strictObject({
      ...place,
      feature: z.string().min(1),
      /** The driver, not the server, departs from the test: what the failure says then, in part. */
      driver: z.string().min(10),
      reason: z.string().min(20),
    }),
  ]),
);

export type Refusal = z.infer<typeof refusalList>[number];

export const refusalFile = join(import.meta.dirname, "refusals.json");

export async function readRefusals(path = refusalFile): Promise<Refusal[]> {
  return refusalList.parse(JSON.parse(await readFile(path, "utf8")));
}

export interface TestName {
  suite: string;
  file: string;
  test: string;
}

export function refusalOf(refusals: readonly Refusal[], name: TestName): Refusal | undefined {
  return refusals.find(
    ({ suite, file, test }) => suite === name.suite && fits(file, name.file) && fits(test, name.test),
  );
}

/** Whether the test failed for the listed reason and for no other. */
export function excuses(refusal: Refusal, failure: TestFailure): boolean {
  return "code" in refusal
    ? failure.codes.includes(refusal.code)
    : failure.codes.length === 0 && failure.message.includes(refusal.driver);
}

/** What a listed failure is recognised by, for people. */
export function markOf(refusal: Refusal): string {
  return "code" in refusal ? String(refusal.code) : "driver";
}

function fits(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}
