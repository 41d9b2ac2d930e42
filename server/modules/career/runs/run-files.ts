// The files of a run: made from what was tailored, kept under names that follow from it, so that a repetition finds them.
import { createHash } from "node:crypto";
import { notFound } from "../../../../shared/errors.ts";
import type { FileId } from "../../../../shared/ids.ts";
import type { ArtifactType } from "../../../../shared/schemas/career/enums.ts";
import type { RunFile } from "../../../../shared/schemas/career/runs.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { FileStore } from "../../../vendors/files/index.ts";
import type { MadePage } from "./page-fit.ts";
import type { ArtefactInput, MadeFiles, RunsArtefacts } from "./runs.ports.ts";
import type { RunLease } from "./runs.repository.ts";

export interface StoredRunFile extends RunFile {
  runId: string;
  edition: number;
  storageId: FileId;
}

export interface RunFilesRepository {
  /** Over what was there for this run, model and type; the bytes' id that it had, null where it had none. Undefined: too late. */
  put(lease: RunLease, file: StoredRunFile, now: Date): Promise<FileId | null | undefined>;
  of(runId: string, edition: number): Promise<StoredRunFile[]>;
  find(runId: string, artifactId: string): Promise<StoredRunFile | null>;
  allOf(runIds: readonly string[]): Promise<StoredRunFile[]>;
  removeAll(runIds: readonly string[]): Promise<void>;
}

/** What the pages are made by: the same request has the same bytes. */
export interface RunFileMaker {
  readonly templates: RunsArtefacts["templates"];
  templateOf: RunsArtefacts["templateOf"];
  warm(): void;
  /** All but the PDF. */
  makeOthers(input: ArtefactInput): Promise<MadeFiles & { files: ReadonlyMap<ArtifactType, Uint8Array> }>;
  /** Throws RunStopped where it cannot be printed. */
  makePdf(input: ArtefactInput): Promise<MadeFiles & { pdf: Uint8Array; page: MadePage }>;
}

const kinds: Record<ArtifactType, { mimeType: string; ending: string }> = {
  pdf: { mimeType: "application/pdf", ending: "pdf" },
  docx: {
    mimeType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ending: "docx",
  },
  tex: { mimeType: "application/x-tex", ending: "tex" },
  json: { mimeType: "application/json", ending: "json" },
  "json-resume": { mimeType: "application/json", ending: "json-resume.json" },
};

export function createRunFiles(parts: {
  repository: RunFilesRepository;
  store: FileStore;
  maker: RunFileMaker;
  clock: Clock;
}): RunsArtefacts {
  const { repository, store, maker, clock } = parts;

  async function keep(input: ArtefactInput, made: ReadonlyMap<ArtifactType, Uint8Array>): Promise<void> {
    const { runId, edition, fence, tailored, resume, jobTitle, company } = input;
    const { modelKey, tailoredHash } = tailored;
    const template = maker.templateOf(input.page, resume);
    input.signal.throwIfAborted();
    // At once: they wait for the disk together. All have ended when this ends, also where one has failed.
    const kept = await Promise.allSettled(
      [...made].map(async ([type, content]) => {
        // By what it is made from: a repetition writes the same bytes to the same place, a late claim never over another's.
        const storageId = idOf([runId, edition, modelKey, type, tailoredHash, template.hash]);
        await store.put(storageId, once(content));
        const file: StoredRunFile = {
          artifactId: idOf([runId, modelKey, type]),
          runId,
          edition,
          modelKey,
          artifactType: type,
          fileName: `${nameOf([resume.content.basics.name, company ?? "", jobTitle])}.${kinds[type].ending}`,
          mimeType: kinds[type].mimeType,
          sizeBytes: content.byteLength,
          storageId,
        };
        const before = await repository.put({ runId, edition, fence }, file, clock.now());
        if (before !== undefined && before !== null && before !== storageId) await store.remove(before);
        if (before !== undefined) return;
        // Too late: what the later claim has written stays, also where it is these very bytes.
        const there = await repository.find(runId, file.artifactId);
        if (there?.storageId !== storageId) await store.remove(storageId);
      }),
    );
    for (const one of kept) if (one.status === "rejected") throw one.reason;
  }

  return {
    templates: maker.templates,
    templateOf: (page, resume) => maker.templateOf(page, resume),
    warm: () => maker.warm(),
    async makeLatex(input) {
      const { files, notes } = await maker.makeOthers(input);
      await keep(input, files);
      return { notes };
    },
    async makePdf(input) {
      const { pdf, page, notes } = await maker.makePdf(input);
      await keep(input, new Map([["pdf", pdf]]));
      return { page, notes };
    },
    async of(_owner, runId, edition) {
      const found = await repository.of(runId, edition);
      return found.map(({ artifactId, artifactType, modelKey, fileName, mimeType, sizeBytes }) => ({
        ...{ artifactId, artifactType, modelKey, fileName, mimeType, sizeBytes },
      }));
    },
    async removeOfRuns(runIds) {
      // The bytes before what names them: a repetition finds what is left to do.
      for (const { storageId } of await repository.allOf(runIds)) await store.remove(storageId);
      await repository.removeAll(runIds);
    },
    async read(runId, artifactId) {
      const file = await repository.find(runId, artifactId);
      if (file === null) throw notFound("This file");
      return { ...file, bytes: (range) => store.read(file.storageId, range) };
    },
  };
}

function idOf(parts: readonly (string | number)[]): FileId {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 24) as FileId;
}

/** Fit for every file system: `ada-moreno-northwind-data-engineer`. */
function nameOf(parts: readonly string[]): string {
  const plain = parts
    .join(" ")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-+|-+$/gu, "")
    .slice(0, 100);
  return plain === "" ? "resume" : plain;
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
