// Files in an export: the person's photo and what they attached; named while it is gathered, read while the zip is written.
import { createHash } from "node:crypto";
import { AppError } from "../../../shared/errors.ts";
import type { FileId, MeetingId, UserId } from "../../../shared/ids.ts";
import { fileTypes } from "../../../shared/uploads.ts";
import type { FileRecord, FilesService } from "../files/index.ts";
import type { StagedPiece, ZipPiece } from "./export.files.ts";
import { safeName } from "./export.names.ts";
import { jsonFile } from "./export.text.ts";

/** Not a file: each line of it names one whose bytes stand elsewhere. */
export const sentFilesPath = ".sent-files";

/** One that the person sent, and its place in the zip. */
export interface SentFile {
  id: FileId;
  path: string;
  name: string;
  type: string;
  bytes: number;
  sha256: string;
  at: string;
}

/** As the first page and `files.json` tell of it. */
export interface ToldFile extends Omit<SentFile, "id"> {
  /** Null where it is in the zip; else why it is not. */
  missing: "gone" | "damaged" | null;
}

/** What the person has sent for this purpose, as far as something names it; in the order in which it was sent. */
export async function* sentFiles(
  files: Pick<FilesService, "sentBy">,
  userId: UserId,
  where: { folder: string; meetingId: MeetingId | null },
): AsyncGenerator<StagedPiece> {
  const sent = await files.sentBy(userId, where.meetingId);
  for (const [index, file] of sent.entries())
    yield { path: sentFilesPath, text: `${JSON.stringify(named(file, index, where))}\n` };
}

function named(
  { id, name, type, bytes, sha256, createdAt }: FileRecord,
  index: number,
  { folder, meetingId }: { folder: string; meetingId: MeetingId | null },
): SentFile {
  const path =
    meetingId === null ? `photo.${fileTypes[type][0]}` : `${folder}/my-files/${index + 1} ${safeName(name)}`;
  return { id, path, name, type, bytes, sha256, at: createdAt.toISOString() };
}

/**
 * Their bytes, a few at a time; of each tells `told` whether it is there. It is read twice, so that nothing of one that is
 * not what was sent is in the zip. Throws where one changes or goes in between: then the zip is made again.
 */
export async function* bytesOfSentFiles(
  files: Pick<FilesService, "read">,
  lines: string,
  told: (file: ToldFile) => void,
): AsyncGenerator<ZipPiece> {
  for (const line of lines.split("\n")) {
    if (line === "") continue;
    const { id, ...file } = JSON.parse(line) as SentFile;
    const missing = await whyMissing(files, id, file);
    told({ ...file, missing });
    if (missing !== null) continue;
    // An empty one has no piece of its own to be made of.
    yield { path: file.path, text: "" };
    for await (const bytes of files.read(id)) yield { path: file.path, bytes };
  }
}

async function whyMissing(
  files: Pick<FilesService, "read">,
  id: FileId,
  { bytes, sha256 }: Pick<SentFile, "bytes" | "sha256">,
): Promise<ToldFile["missing"]> {
  const hash = createHash("sha256");
  let size = 0;
  try {
    for await (const piece of files.read(id)) {
      hash.update(piece);
      size += piece.byteLength;
    }
  } catch (error) {
    // A store that does not answer is no file that is gone: the job tries again.
    if (!(error instanceof AppError)) throw error;
    if (error.code === "NOT_FOUND") return "gone";
    if (error.code === "INTERNAL") return "damaged";
    throw error;
  }
  return size === bytes && hash.digest("hex") === sha256 ? null : "damaged";
}

export function listOfSentFiles(told: readonly ToldFile[]): StagedPiece {
  return jsonFile("files.json", told);
}
