// The daily check of stored files: what nothing names, what is named and missing, and how it goes on.
import { beforeEach, expect, test } from "vitest";
import type { FileId } from "../../../shared/ids.ts";
import type { JobDefinition } from "../../jobs/index.ts";
import { FakeClock } from "../../platform/clock.ts";
import { createMetrics, type Metrics } from "../../platform/metrics.ts";
import { createFilesCheck } from "./files.check.ts";
import type { FileNames, NamedFile } from "./files.repository.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const idOf = (n: number) => n.toString(16).padStart(24, "0") as FileId;

let clock: FakeClock;
let metrics: Metrics;
/** When each file was put. */
let bytes: Map<FileId, Date>;
let uploads: NamedFile[];
let runFiles: NamedFile[];
let ordered: { key: string; payload: unknown; runAt: Date }[];
let logged: unknown[];
let job: JobDefinition;
let start: () => Promise<void>;

const fresh = new AbortController().signal;
const runOf = (payload: unknown, signal = fresh) =>
  job.run(payload, { jobId: "j", attempt: 1, fence: 1, signal });
const take = () => ordered.splice(0);
const named = (n: number, at: Date, isWritten = true): NamedFile => ({
  ...{ key: idOf(n), id: idOf(n), createdAt: at, isWritten },
});
const bytesWalk = { day: "2026-03-31", walk: "bytes", after: null };
const said = async (name: string) => {
  const lines = (await metrics.registry.metrics()).split("\n");
  return lines.filter((line) => line.startsWith(`connvo_${name}`));
};

function namesOf(all: () => NamedFile[]): FileNames {
  return {
    among: (ids) => Promise.resolve(new Set(all().flatMap(({ id }) => (ids.includes(id) ? [id] : [])))),
    page: (after, limit) =>
      Promise.resolve(
        all()
          .filter(({ key }) => after === null || key > after)
          .slice(0, limit),
      ),
  };
}

beforeEach(async () => {
  clock = new FakeClock();
  metrics = createMetrics({ processMetrics: false });
  bytes = new Map();
  [uploads, runFiles, ordered, logged] = [[], [], [], []];
  ({ start } = createFilesCheck({
    store: {
      page: (after, limit) =>
        Promise.resolve(
          [...bytes.keys()]
            .sort()
            .filter((id) => after === null || id > after)
            .slice(0, limit),
        ),
      stat: (id) => Promise.resolve(bytes.has(id) ? { bytes: 1 } : null),
      removeOlder(id, before) {
        const at = bytes.get(id);
        return Promise.resolve(at !== undefined && at < before && bytes.delete(id));
      },
    },
    names: { uploads: namesOf(() => uploads), runFiles: namesOf(() => runFiles) },
    jobs: {
      register: (definition) => void (job = definition as unknown as JobDefinition),
      enqueue(_job, payload, { key, runAt }) {
        if (!ordered.some((one) => one.key === key))
          ordered.push({ key, payload, runAt: runAt ?? clock.now() });
        return Promise.resolve();
      },
    },
    clock,
    logger: { warn: (...told: unknown[]) => void logged.push(told) },
    metrics,
  }));
});

const old = () => new Date(clock.now().getTime() - dayMs - 1);
const young = () => new Date(clock.now().getTime() - dayMs + 1);

test("[FILES-9] what nothing names goes a day after it was written, and what is named or younger stays", async () => {
  for (const n of [1, 2, 3]) bytes.set(idOf(n), old());
  bytes.set(idOf(4), young());
  uploads = [named(1, old())];
  runFiles = [named(2, old())];
  await runOf(bytesWalk);
  expect([...bytes.keys()]).toEqual([1, 2, 4].map(idOf));
  expect(await said("files_orphans_total")).toEqual(["connvo_files_orphans_total 1"]);
  expect(logged).toEqual([[{ found: 1 }, expect.stringContaining("nothing named")]]);
});

test("[FILES-9] where no document names any file nothing goes", async () => {
  bytes.set(idOf(1), old());
  await runOf(bytesWalk);
  expect(bytes.size).toBe(1);
  expect(logged).toEqual([]);
});

test("[FILES-10] documents whose bytes are missing are counted, but not those that are new or being written or removed", async () => {
  uploads = [
    ...[named(1, old()), named(2, old()), named(3, young()), named(4, old(), false)],
    // Its bytes go, and then it does.
    named(5, old()),
  ];
  bytes.set(idOf(1), old());
  const { page } = namesOf(() => uploads);
  const before = await page(null, 10);
  uploads = uploads.slice(0, 4);
  const stale = namesOf(() => uploads);
  const check = createFilesCheck({
    store: {
      page: () => Promise.resolve([]),
      stat: (id) => Promise.resolve(bytes.has(id) ? { bytes: 1 } : null),
      removeOlder: () => Promise.resolve(false),
    },
    names: {
      uploads: { among: stale.among, page: (after) => Promise.resolve(after === null ? before : []) },
      runFiles: stale,
    },
    jobs: {
      register: (definition) => void (job = definition as unknown as JobDefinition),
      enqueue: () => Promise.resolve(),
    },
    clock,
    logger: { warn: (...told: unknown[]) => void logged.push(told) },
    metrics: (metrics = createMetrics({ processMetrics: false })),
  });
  await check.start();
  await runOf({ day: "2026-03-31", walk: "uploads", after: null });
  expect(await said("files_missing_total")).toEqual(['connvo_files_missing_total{of="uploads"} 1']);
  expect(JSON.stringify(logged)).not.toContain(idOf(2));
});

test("[FILES-10] each day begins with ordering the other walks and tomorrow's, whatever happens to this one", async () => {
  await start();
  const [today] = take();
  expect(today?.payload).toMatchObject({ walk: "bytes", after: null });
  const stopped = AbortSignal.abort(new Error("the process stops"));
  await expect(runOf(today?.payload, stopped)).rejects.toThrow("stops");
  const tomorrow = new Date(Math.floor(clock.now().getTime() / dayMs) * dayMs + dayMs);
  expect(take().map(({ payload, runAt }) => [(payload as typeof bytesWalk).walk, runAt])).toEqual([
    ["uploads", clock.now()],
    ["runFiles", clock.now()],
    ["bytes", tomorrow],
  ]);
});

test("[FILES-10] after 10 000 files the rest is a job of its own, from where it stopped", async () => {
  for (let n = 1; n <= 10_001; n += 1) bytes.set(idOf(n), old());
  uploads = [named(1, old())];
  await runOf({ ...bytesWalk, after: idOf(0) });
  expect([...bytes.keys()]).toEqual([idOf(1), idOf(10_001)]);
  const [rest] = take();
  expect(rest?.payload).toEqual({ ...bytesWalk, after: idOf(10_000) });
  await runOf(rest?.payload);
  expect([...bytes.keys()]).toEqual([idOf(1)]);
  expect(take()).toEqual([]);
});
