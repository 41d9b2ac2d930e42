// Files of exports in the store, in encrypted pieces of bounded size: any process finds them, and they go with the person.
import mongoose, { type Connection } from "mongoose";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { ExportFiles, StagedPiece } from "./export.files.ts";

/** Of a piece as it is stored, before it is encrypted. */
const pieceMaxBytes = 256 * 1024;

interface PieceDocument {
  _id: mongoose.Types.ObjectId;
  userId: mongoose.Types.ObjectId;
  exportId: mongoose.Types.ObjectId;
  /** What is gathered, or the zip made of it. */
  kind: "staged" | "zip";
  /** Of the gathered: the account is the first part, each meeting another. 0 for the zip. */
  part: number;
  fence: number;
  position: number;
  /** Encrypted: path and text of a gathered piece as JSON, bytes of the zip in base64. */
  data: string;
}

const number = { type: Number, required: true };
const id = { type: mongoose.Schema.Types.ObjectId, required: true };
const pieceSchema = new mongoose.Schema<PieceDocument>(
  {
    userId: id,
    exportId: id,
    kind: { type: String, required: true, enum: ["staged", "zip"] },
    part: number,
    fence: number,
    position: number,
    data: { type: String, required: true },
  },
  {
    strict: "throw",
    autoIndex: false,
    autoCreate: false,
    versionKey: false,
    collection: "personExportPieces",
  },
).index({ userId: 1, exportId: 1, kind: 1, part: 1, fence: 1, position: 1 }, { unique: true });

export async function createExportFiles(
  connection: Connection,
  cipher: FieldCipher,
  ids: IdSource,
): Promise<ExportFiles> {
  const sealed = cipher.of("personExportPieces");
  const pieces = connection.model<PieceDocument>("PersonExportPiece", pieceSchema);
  await createIndexes(pieces);
  const toId = (text: string) => new mongoose.Types.ObjectId(text);

  async function insert(
    place: Omit<PieceDocument, "_id" | "data">,
    data: string,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    const pieceId = ids.objectId();
    await pieces.create({ _id: toId(pieceId), ...place, data: sealed.seal(pieceId, "data", data) });
  }

  async function* read(filter: Omit<PieceDocument, "_id" | "data" | "position">): AsyncGenerator<string> {
    // Two at a time: a reader that is slow holds no more of it in memory.
    for await (const { _id, data } of pieces.find(filter).sort({ position: 1 }).batchSize(2).lean())
      yield sealed.open(_id.toHexString(), "data", data);
  }

  return {
    async put({ userId, exportId, fence }, bytes, signal) {
      const place = {
        userId: toId(userId),
        exportId: toId(exportId),
        kind: "zip" as const,
        part: 0,
        fence,
      };
      let position = 0;
      for await (const piece of inPieces(bytes))
        await insert({ ...place, position: position++ }, piece.toString("base64"), signal);
    },

    async *get({ userId, exportId, fence }) {
      const filter = { userId: toId(userId), exportId: toId(exportId), kind: "zip" as const, part: 0, fence };
      for await (const data of read(filter)) yield Buffer.from(data, "base64");
    },

    async stage({ userId, exportId, fence }, part, staged, signal) {
      const place = {
        userId: toId(userId),
        exportId: toId(exportId),
        kind: "staged" as const,
        part,
        fence,
      };
      let position = 0;
      for await (const { path, text } of gathered(staged))
        await insert({ ...place, position: position++ }, JSON.stringify([path, text]), signal);
    },

    async *staged({ userId, exportId }, part) {
      const place = { userId: toId(userId), exportId: toId(exportId), kind: "staged" as const, part };
      const newest = await pieces.findOne(place).sort({ fence: -1 }).select({ fence: 1 }).lean();
      if (newest === null) return;
      for await (const data of read({ ...place, fence: newest.fence })) {
        const [path = "", text = ""] = JSON.parse(data) as string[];
        yield { path, text };
      }
    },

    async removeOthers(userId, exportId) {
      await pieces.deleteMany({ userId: toId(userId), exportId: { $ne: toId(exportId) } });
    },

    async remove(userId, kept) {
      const all = { userId: toId(userId) };
      if (kept === null) return void (await pieces.deleteMany(all));
      const exportId = toId(kept.exportId);
      await pieces.deleteMany({ ...all, exportId: { $ne: exportId } });
      await pieces.deleteMany({ ...all, exportId, kind: "staged" });
      await pieces.deleteMany({ ...all, exportId, kind: "zip", fence: { $ne: kept.fence } });
    },
  };
}

/** Small ones are put together, so that a file of many lines is not as many documents. */
async function* gathered(staged: AsyncIterable<StagedPiece>): AsyncGenerator<StagedPiece> {
  let path = "";
  let text = "";
  for await (const piece of staged) {
    if (piece.path !== path || text.length + piece.text.length > pieceMaxBytes) {
      if (path !== "") yield { path, text };
      path = piece.path;
      text = "";
    }
    text += piece.text;
    while (text.length > pieceMaxBytes) {
      // Not between the halves of one character.
      const end = /[\ud800-\udbff]/.test(text[pieceMaxBytes - 1] ?? "") ? pieceMaxBytes - 1 : pieceMaxBytes;
      yield { path, text: text.slice(0, end) };
      text = text.slice(end);
    }
  }
  if (path !== "") yield { path, text };
}

async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.byteLength;) {
      const part = chunk.subarray(at, at + pieceMaxBytes - size);
      held.push(part);
      size += part.byteLength;
      at += part.byteLength;
      if (size < pieceMaxBytes) continue;
      yield Buffer.concat(held);
      held = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(held);
}
