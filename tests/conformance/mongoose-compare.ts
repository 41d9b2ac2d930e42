// Holds what Mongoose's tests did against the list of refusals: a failure is either listed, with the very answer it got, or wrong.
import { z } from "zod";

/** What a refusal looks like from the outside: the error's code where it has one, and its text. */
export interface Answer {
  code: number | string;
  text: RegExp;
}

/** One thing the embedded store does not do, and the tests that therefore fail. */
export interface Refusal {
  feature: string;
  reason: string;
  /** Each failure must carry one of these. */
  answers: readonly Answer[];
  /** Full titles by file, the file below `test/`. */
  tests: Readonly<Record<string, readonly string[]>>;
  /** These tests leave settings behind when they fail: they run in a process of their own. */
  alone?: true;
}

const titled = z.object({ title: z.string(), fullTitle: z.string(), file: z.string().optional() });

/** The part of the report of mocha's JSON reporter that is used. */
export const mochaReport = z.object({
  stats: z.object({ tests: z.number(), passes: z.number(), pending: z.number(), failures: z.number() }),
  pending: z.array(titled),
  failures: z.array(
    titled.extend({
      err: z.object({
        message: z.string().default(""),
        code: z.union([z.number(), z.string()]).optional(),
        stack: z.string().optional(),
      }),
    }),
  ),
});

export type MochaReport = z.infer<typeof mochaReport>;
export type MochaFailure = MochaReport["failures"][number];

export interface Comparison {
  passed: number;
  pending: number;
  /** Tests the suite skips by its own checks (no replica set, another server version), counted by file. */
  pendingByFile: ReadonlyMap<string, number>;
  listed: { refusal: Refusal; failure: MochaFailure }[];
  /** `note` says so where the test is listed but got another answer. */
  unlisted: { failure: MochaFailure; file: string; note: string }[];
  /** Listed tests that did not fail. */
  stale: { feature: string; file: string; title: string }[];
}

/** Several reports (one a process) count as one run. `root` is the folder the listed files are below. */
export function compareWithRefusals(
  reports: readonly MochaReport[],
  refusals: readonly Refusal[],
  root: string,
): Comparison {
  const entries = new Map<string, { refusal: Refusal; file: string; title: string; met: boolean }>();
  for (const refusal of refusals)
    for (const [file, titles] of Object.entries(refusal.tests))
      for (const title of titles) {
        const key = keyOf(file, title);
        if (entries.has(key)) throw new Error(`The list of refusals names a test twice: ${file}: ${title}`);
        entries.set(key, { refusal, file, title, met: false });
      }
  const pendingByFile = new Map<string, number>();
  const comparison: Comparison = {
    passed: 0,
    pending: 0,
    pendingByFile,
    listed: [],
    unlisted: [],
    stale: [],
  };
  const fileOf = (test: { file?: string | undefined }) => (test.file ?? "").replace(`${root}/`, "");
  for (const { stats, pending, failures } of reports) {
    comparison.passed += stats.passes;
    comparison.pending += stats.pending;
    for (const test of pending) pendingByFile.set(fileOf(test), (pendingByFile.get(fileOf(test)) ?? 0) + 1);
    for (const failure of failures) {
      const file = fileOf(failure);
      const entry = entries.get(keyOf(file, failure.fullTitle));
      if (entry !== undefined) entry.met = true;
      if (entry !== undefined && carries(failure, entry.refusal))
        comparison.listed.push({ refusal: entry.refusal, failure });
      else {
        const note =
          entry === undefined ? "" : `listed under "${entry.refusal.feature}", but got this answer`;
        comparison.unlisted.push({ failure, file, note });
      }
    }
  }
  for (const { refusal, file, title, met } of entries.values())
    if (!met) comparison.stale.push({ feature: refusal.feature, file, title });
  return comparison;
}

/** Titles end up in the list as they are, except for spaces at their ends. */
function keyOf(file: string, title: string): string {
  return `${file}\n${title.trim()}`;
}

function carries({ err }: MochaFailure, { answers }: Refusal): boolean {
  return answers.some(({ code, text }) => err.code === code && text.test(err.message));
}

/** A table for people, with every unlisted failure and stale entry below it. */
export function describe(comparison: Comparison, refusals: readonly Refusal[]): string {
  const { passed, pending, listed, unlisted, stale } = comparison;
  const lines = [
    row("passed", passed),
    row("failed, listed", listed.length),
    row("failed, not listed", unlisted.length),
    row("pending", pending),
    row("stale entries of the list", stale.length),
    "",
    "Listed failures by what is refused:",
  ];
  for (const refusal of refusals) {
    const count = listed.filter((entry) => entry.refusal === refusal).length;
    lines.push(row(refusal.feature, count), `    ${refusal.reason}`);
  }
  lines.push("", "Pending by the suite's own checks (a replica set, another server), by file:");
  for (const [file, count] of comparison.pendingByFile) lines.push(row(file, count));
  for (const { failure, file, note } of unlisted)
    lines.push(
      "",
      `NOT LISTED  ${file}: ${failure.fullTitle}`,
      `    ${String(failure.err.code ?? "no code")}: ${firstLine(failure.err.message)}`,
      ...(note === "" ? [] : [`    ${note}`]),
    );
  for (const { feature, file, title } of stale)
    lines.push("", `STALE       ${file}: ${title}`, `    listed under "${feature}", but did not fail`);
  return lines.join("\n");
}

function row(name: string, count: number): string {
  return `${String(count).padStart(6)}  ${name}`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]?.slice(0, 300) ?? "";
}
