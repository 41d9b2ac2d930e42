// Notes that are opened and closed for days: nothing is retained, which a process of its own is measured for.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { recordFigure, sizeOf } from "../factories/figures.ts";

const cycles = sizeOf("OPEN_CYCLES", 500);

interface Outcome {
  failedLoads: number;
  before: number;
  after: number;
  sockets: number;
  notesConnections: number;
  openDocuments: number;
}

test(
  `[NOTES-8] ${cycles} openings and closings, failed loads included, leave nothing in the heap`,
  { timeout: 120_000 + cycles * 100 },
  async () => {
    const main = join(import.meta.dirname, "open-close-main.ts");
    const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", main, String(cycles)]);
    const outcome = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Outcome;
    expect(outcome).toMatchObject({ sockets: 0, notesConnections: 0, openDocuments: 0 });
    expect(outcome.failedLoads).toBeGreaterThan(cycles / 20);
    recordFigure("heapDriftPercent", (outcome.after / outcome.before - 1) * 100);
  },
);
