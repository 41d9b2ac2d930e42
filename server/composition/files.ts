// Files and what takes them: photos of people, and chat with its attachments.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "mongoose";
import { createFilesModule, type FileRecord, type FilesService } from "../modules/files/index.ts";
import { namesOfRunFiles } from "../modules/career/runs/index.ts";
import { createMessagingModule, type MessagingService } from "../modules/messaging/index.ts";
import { createPhotosService, type PhotosService } from "../modules/photos/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Config } from "../platform/config.ts";
import type { IdSource } from "../platform/ids.ts";
import type { Logger } from "../platform/logger.ts";
import { createDatabaseFiles } from "../vendors/files/database.mongo.ts";
import { createDirectoryFiles } from "../vendors/files/directory.ts";
import type { FileStore } from "../vendors/files/index.ts";

type Options = Omit<Parameters<typeof createMessagingModule>[0], "files"> &
  Omit<Parameters<typeof createPhotosService>[0], "files"> &
  Omit<Parameters<typeof createFilesModule>[0], "store" | "inUse" | "madeHere"> & {
    config: Config;
    logger: Logger;
  };

interface CareerNaming {
  resume(file: FileRecord): Promise<boolean>;
}

export async function createFileModules(options: Options): Promise<{
  files: FilesService;
  photos: PhotosService;
  messaging: MessagingService;
  /** To be told, once there is one, what names files of the career pipeline. */
  careerFiles: PromiseWithResolvers<CareerNaming>;
  /** For files that are made here, and named by what made them. */
  fileStore: FileStore;
}> {
  const careerFiles = Promise.withResolvers<CareerNaming>();
  const naming = Promise.withResolvers<{ photos: PhotosService; messaging: MessagingService }>();
  const { store, other } = await openFileStores(options);
  const files = await createFilesModule({
    ...options,
    store,
    madeHere: namesOfRunFiles(options.connection),
    inUse: {
      photo: async (file) => (await naming.promise).photos.isCurrent(file),
      attachment: async (file) => (await naming.promise).messaging.attachments.isNamed(file),
      resume: async (file) => (await careerFiles.promise).resume(file),
    },
  });
  // An embedded store holds no files; a directory that was moved from stays as it was, as its store does.
  const and = store.mode === "directory" ? "empty" : "leave";
  const adopted = other === null ? 0 : await files.adopt(other, and);
  if (adopted > 0) options.logger.info({ files: adopted }, `files were taken over into the ${store.mode}`);
  const photos = createPhotosService({ ...options, files });
  const messaging = await createMessagingModule({ ...options, files });
  naming.resolve({ photos, messaging });
  return { files, photos, messaging, careerFiles, fileStore: store };
}

/**
 * In DATA_DIR beside a store of this process's own, in the document store where several processes share one; and where
 * they would lie before a move from one to the other.
 */
async function openFileStores(parts: {
  config: Pick<Config, "dataDir" | "mongodbUri">;
  connection: Connection;
  clock: Clock;
  ids: IdSource;
}): Promise<{ store: FileStore; other: FileStore | null }> {
  const { config, connection, clock, ids } = parts;
  const path = join(config.dataDir, "files");
  const inDatabase = await createDatabaseFiles({ connection, ids, now: () => clock.now() });
  if (config.mongodbUri === null) return { store: await createDirectoryFiles(path), other: inDatabase };
  return { store: inDatabase, other: existsSync(path) ? await createDirectoryFiles(path) : null };
}
