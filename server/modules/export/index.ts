// Export of a person: everything that is kept about them, as they may see it, in a zip that a person can read.
import type { Connection } from "mongoose";
import type { Actor } from "../../../shared/actor.ts";
import type { UserId } from "../../../shared/ids.ts";
import type { OwnExport } from "../../../shared/schemas/exports.ts";
import type { Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { AuditService } from "../audit/index.ts";
import { createExportFiles } from "./export.files.mongo.ts";
import type { ExportParts } from "./export.gather.ts";
import { createExportsRepository } from "./export.repository.mongo.ts";
import { createExportService } from "./export.service.ts";
import { createExportSources } from "./export.sources.mongo.ts";

export interface ExportFile {
  filename: string;
  sizeBytes: number;
  /** A few pieces in memory, whatever its size. */
  bytes: AsyncIterable<Uint8Array>;
}

/** The rules it keeps are numbered in `SPEC.md`. */
export interface ExportService {
  status(actor: Actor): Promise<OwnExport>;
  /** Nothing happens while one is prepared. Throws FORBIDDEN to keys and impersonators, as `download`. */
  request(actor: Actor): Promise<OwnExport>;
  /** Throws NOT_FOUND where none is ready, or it has expired. */
  download(actor: Actor): Promise<ExportFile>;
  /** Everything of it goes, also what is being prepared. May be repeated. */
  removeOf(userId: UserId): Promise<void>;
  /** Whatever a crash has left asked for and not begun goes on. */
  start(): Promise<void>;
}

export type ExportOptions = Omit<ExportParts, "sources" | "audit"> & {
  connection: Connection;
  cipher: FieldCipher;
  jobs: Jobs;
  audit: Pick<AuditService, "record" | "ofPerson">;
  clock: Clock;
  ids: IdSource;
  metrics: Metrics;
};

/** Registers its jobs, so it is made before the jobs start. */
export async function createExportModule(options: ExportOptions): Promise<ExportService> {
  const { connection, cipher, ids } = options;
  return createExportService({
    ...options,
    sources: createExportSources(connection, cipher),
    repository: await createExportsRepository(connection),
    files: await createExportFiles(connection, cipher, ids),
  });
}
