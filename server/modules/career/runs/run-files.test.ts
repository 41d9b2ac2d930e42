// A run's files under names that follow from what they are made of: what comes late changes nothing, what goes leaves no bytes.
import { expect, test } from "vitest";
import type { FileId } from "../../../../shared/ids.ts";
import { defaultRunPage } from "../../../../shared/schemas/career/runs.ts";
import { FakeClock } from "../../../platform/clock.ts";
import type { FileStore } from "../../../vendors/files/index.ts";
import { createRunFiles, type RunFilesRepository, type StoredRunFile } from "./run-files.ts";
import type { ArtefactInput } from "./runs.ports.ts";
import { writerOf } from "./runs.repository.ts";

function world() {
  const bytes = new Map<string, string>();
  const rows = new Map<string, StoredRunFile & { writer: number }>();
  const repository: RunFilesRepository = {
    async put(lease, file) {
      const before = rows.get(file.artifactId);
      if (before !== undefined && before.writer > writerOf(lease)) return undefined;
      rows.set(file.artifactId, { ...file, writer: writerOf(lease) });
      return before?.storageId ?? null;
    },
    of: async (runId, edition) =>
      [...rows.values()].filter((row) => row.runId === runId && row.edition === edition),
    find: async (_runId, artifactId) => rows.get(artifactId) ?? null,
    allOf: async (runIds) => [...rows.values()].filter(({ runId }) => runIds.includes(runId)),
    async removeAll(runIds) {
      for (const [id, { runId }] of rows) if (runIds.includes(runId)) rows.delete(id);
    },
  };
  const store = {
    async put(id: FileId, content: AsyncIterable<Uint8Array>) {
      for await (const part of content) bytes.set(id, Buffer.from(part).toString());
    },
    remove: async (id: FileId) => void bytes.delete(id),
  } as unknown as FileStore;
  const files = createRunFiles({
    repository,
    store,
    clock: new FakeClock(),
    maker: {
      templates: ["classic"],
      templateOf: ({ template }) => ({ version: template, hash: template }),
      warm: () => undefined,
      makeOthers: async () => ({ files: new Map(), notes: [] }),
      makePdf: async ({ tailored }) => ({
        pdf: Buffer.from(tailored.tailoredHash),
        page: { pages: 1, length: 1, limit: 1 },
        notes: [],
      }),
    },
  });
  const input = (fence: number, tailoredHash: string, page = defaultRunPage): ArtefactInput =>
    ({
      runId: "run",
      edition: 1,
      fence,
      page,
      tailored: { modelKey: "rules", tailoredHash },
      resume: { content: { basics: { name: "Ada" } } },
      company: null,
      jobTitle: "Nurse",
      signal: new AbortController().signal,
    }) as unknown as ArtefactInput;
  return { files, bytes, rows, input };
}

test("[RUNS-18] a late claim removes neither the bytes that a later one keeps, nor leaves its own", async () => {
  const { files, bytes, rows, input } = world();
  await files.makePdf(input(2, "same"));
  await files.makePdf(input(1, "same"));
  expect([...bytes.values()]).toEqual(["same"]);
  await files.makePdf(input(1, "other"));
  expect([...bytes.values()]).toEqual(["same"]);
  await files.makePdf(input(3, "newer"));
  expect([...bytes.values()]).toEqual(["newer"]);
  expect([...bytes.keys()]).toEqual([...rows.values()].map(({ storageId }) => storageId));
  await files.removeOfRuns(["run"]);
  expect([bytes.size, rows.size]).toEqual([0, 0]);
});
