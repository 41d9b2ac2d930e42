// What people may ask for about themselves (to have it all, and to have it gone), and what goes by itself.
import {
  createDeletionModule,
  type DeletionOptions,
  type DeletionService,
} from "../modules/deletion/index.ts";
import { createExportModule, type ExportOptions, type ExportService } from "../modules/export/index.ts";
import type { FilesService } from "../modules/files/index.ts";
import {
  createRetentionModule,
  type RetentionOptions,
  type RetentionService,
} from "../modules/retention/index.ts";
import type { Config } from "../platform/config.ts";

/** Registers their jobs, so it is called before the jobs start. */
export async function createPersonalData(
  parts: Omit<ExportOptions, "sent"> & { files: FilesService } & Omit<
      DeletionOptions,
      "exports" | "graceMs"
    > &
    Omit<RetentionOptions, "days"> & { config: Config },
): Promise<{ ownExport: ExportService; deletion: DeletionService; retention: RetentionService }> {
  const ownExport = await createExportModule({ ...parts, sent: parts.files });
  const deletion = await createDeletionModule({
    ...parts,
    exports: ownExport,
    graceMs: parts.config.deletionGraceMs,
  });
  const retention = await createRetentionModule({ ...parts, days: parts.config.retentionDays });
  return { ownExport, deletion, retention };
}
