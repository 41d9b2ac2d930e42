// One run on an export: gathers part after part, keeping its place after each, and makes the zip of what lies gathered.
import { createHash } from "node:crypto";
import type { MeetingId } from "../../../shared/ids.ts";
import type { UserRecord } from "../users/index.ts";
import type { ExportFiles, StagedPiece, ZipPiece } from "./export.files.ts";
import {
  chapterPath,
  gatherAccount,
  gatherMeeting,
  type Chapter,
  type ExportParts,
} from "./export.gather.ts";
import { indexPage, readme } from "./export.index-page.ts";
import type { ExportsRepository, Gathered, StoredExport } from "./export.repository.mongo.ts";
import { bytesOfSentFiles, listOfSentFiles, sentFilesPath, type ToldFile } from "./export.sent-files.ts";
import { zipped } from "./export.zip.ts";

const meetingsAtOnce = 100;

export interface MadeZip {
  sizeBytes: number;
  sha256: string;
  partsTotal: number;
}

/** Null where the export is not this run's any more, or the person is gone. */
export type ExportRun = (claimed: StoredExport, signal: AbortSignal) => Promise<MadeZip | null>;

export function createExportRun(
  parts: ExportParts & { repository: ExportsRepository; files: ExportFiles },
): ExportRun {
  const { repository, files, users, sources } = parts;

  /** The place after the last part; null where the export was lost. */
  async function gather(
    claimed: StoredExport,
    user: UserRecord,
    signal: AbortSignal,
  ): Promise<Gathered | null> {
    let { partsDone, after }: Gathered = claimed;
    const keep = async (pieces: AsyncIterable<StagedPiece>, last: MeetingId | null) => {
      await files.stage(claimed, partsDone + 1, pieces, signal);
      partsDone += 1;
      after = last;
      return repository.gathered(claimed, { partsDone, after });
    };
    if (partsDone === 0 && !(await keep(gatherAccount(parts, user), null))) return null;
    for (;;) {
      const page = await sources.meetingsOf(user.id, { after, limit: meetingsAtOnce });
      if (page.length === 0) return { partsDone, after };
      for (const meetingId of page) {
        signal.throwIfAborted();
        if (!(await keep(gatherMeeting(parts, user, meetingId), meetingId))) return null;
      }
    }
  }

  async function* piecesOf(claimed: StoredExport, user: UserRecord, count: number): AsyncGenerator<ZipPiece> {
    yield readme();
    const chapters: Chapter[] = [];
    const told: ToldFile[] = [];
    for (let part = 1; part <= count; part += 1) {
      let chapter = "";
      let sent = "";
      for await (const piece of files.staged(claimed, part)) {
        if (piece.path === chapterPath) chapter += piece.text;
        else if (piece.path === sentFilesPath) sent += piece.text;
        else yield piece;
      }
      yield* bytesOfSentFiles(parts.sent, sent, (file) => told.push(file));
      if (chapter !== "") chapters.push(JSON.parse(chapter) as Chapter);
    }
    const { displayName: name, email } = user;
    yield listOfSentFiles(told);
    yield indexPage({ name, email, requestedAt: claimed.requestedAt }, chapters, told);
  }

  return async (claimed, signal) => {
    const [user] = await users.byIds([claimed.userId]);
    if (user === undefined || user.erasedAt !== null || user.deletedAt !== null) return null;
    const gathered = await gather(claimed, user, signal);
    if (gathered === null) return null;
    const hash = createHash("sha256");
    let sizeBytes = 0;
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      const pieces = piecesOf(claimed, user, gathered.partsDone);
      for await (const bytes of zipped(pieces, claimed.requestedAt)) {
        hash.update(bytes);
        sizeBytes += bytes.byteLength;
        yield bytes;
      }
    };
    await files.put(claimed, counted(), signal);
    return { sizeBytes, sha256: hash.digest("hex"), partsTotal: gathered.partsDone };
  };
}
