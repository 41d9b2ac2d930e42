// How far the write-ahead log reached when a write was last acknowledged: SQLite takes a damaged log for a shorter one.
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { StorageOpenError } from "./sqlite-errors.ts";

const logHeaderBytes = 32;
const frameHeaderBytes = 24;
/** Of the log's header: bytes of a page, and with it of a frame without its header. */
const pageSizeStart = 8;
/** Of the log's header: which generation it is, counted and drawn by lot, 12 bytes from here. */
const generationStart = 12;
const generationBytes = 12;
/** Generation, frames, checksum of both. */
const noteBytes = generationBytes + 8;

interface Note {
  generation: Buffer;
  frames: number;
}

/**
 * A note beside the log, written after each commit and never synced: what it names was durable before. A power cut may
 * leave an older note, which asks for less.
 */
export class AcknowledgedLog {
  readonly #log: number;
  readonly #note: number;
  readonly #frames: StatementSync;
  readonly #header = Buffer.alloc(logHeaderBytes);
  readonly #bytes = Buffer.alloc(noteBytes);
  /** How many frames the log held after the last commit. */
  logFrames = 0;

  /** The connection must have written to the log's file already. */
  constructor(database: DatabaseSync, file: string) {
    this.#frames = database.prepare("PRAGMA wal_checkpoint(NOOP)");
    this.#log = openSync(logOf(file), "r+");
    this.#note = openSync(noteOf(file), existsSync(noteOf(file)) ? "r+" : "w+", 0o600);
    this.record();
  }

  /** After a commit that was not synced: only how long the log is. */
  count(): void {
    this.logFrames = (this.#frames.get() as { log: number }).log;
  }

  /** Throws where the disk does not take what was written. */
  sync(): void {
    fsyncSync(this.#log);
  }

  /** After a commit that was synced, outside of transactions. Where the note cannot be written the older one stays: the commit stands. */
  record(): void {
    try {
      this.count();
      if (readSync(this.#log, this.#header, 0, logHeaderBytes, 0) !== logHeaderBytes) return;
      generationOf(this.#header).copy(this.#bytes);
      this.#bytes.writeUInt32LE(Math.max(this.logFrames, 0), generationBytes);
      this.#bytes.writeUInt32LE(crc32(this.#bytes.subarray(0, noteBytes - 4)), noteBytes - 4);
      writeSync(this.#note, this.#bytes, 0, noteBytes, 0);
    } catch {
      return;
    }
  }

  /**
   * After a commit that failed, outside of transactions. Where only its sync failed it lies whole behind the log's end,
   * and the next start would take it for committed: without the header of its first frame it is none. Not synced, as
   * nothing is acknowledged by it. Throws where the disk does not take it.
   */
  voidTail(): void {
    this.count();
    const frames = this.logFrames;
    if (frames < 0) throw new Error("how long the log is cannot be told");
    if (readSync(this.#log, this.#header, 0, logHeaderBytes, 0) !== logHeaderBytes) return;
    const noted = this.#bytes.readUInt32LE(generationBytes);
    const isNoted = generationOf(this.#header).equals(this.#bytes.subarray(0, generationBytes));
    // A log that began anew, whose header could not be written: no frame was, either, and the old ones stay acknowledged.
    if (isNoted && frames < noted) return;
    const end = logHeaderBytes + frames * (frameHeaderBytes + this.#header.readUInt32BE(pageSizeStart));
    if (fstatSync(this.#log).size <= end) return;
    writeSync(this.#log, Buffer.alloc(frameHeaderBytes), 0, frameHeaderBytes, end);
  }

  close(): void {
    closeSync(this.#note);
    closeSync(this.#log);
  }
}

/** Before the last connection may close: SQLite then takes the log into the data file and removes it. */
export function forgetLog(file: string): void {
  if (existsSync(noteOf(file))) writeFileSync(noteOf(file), "");
}

/** Whether a store was here, whatever has become of its files. */
export function wasStore(file: string): boolean {
  return existsSync(noteOf(file));
}

/** Throws StorageOpenError where the log lacks what was acknowledged. The connection must have read something already. */
export function checkLog(database: DatabaseSync, file: string): void {
  const note = readNote(file);
  if (note === null || note.frames === 0) return;
  const header = readHeader(logOf(file));
  if (header !== null && isNewer(header, note)) return;
  const { log: frames } = database.prepare("PRAGMA wal_checkpoint(NOOP)").get() as { log: number };
  const same = header !== null && generationOf(header).equals(note.generation);
  if (!same || frames < note.frames)
    throw new StorageOpenError(
      `The write-ahead log ${logOf(file)} is damaged, cut off or missing: writes that were acknowledged are not in it. Everything was left as it is: keep a copy of both files, and restore a backup (npm run restore). To start without those writes, remove ${noteOf(file)}.`,
    );
}

export function logOf(file: string): string {
  return `${file}-wal`;
}

export function noteOf(file: string): string {
  return `${file}-acknowledged`;
}

/** Null where there is none, or none that is whole: then nothing is known. */
function readNote(file: string): Note | null {
  if (!existsSync(noteOf(file))) return null;
  const bytes = readFileSync(noteOf(file));
  if (bytes.length !== noteBytes) return null;
  if (crc32(bytes.subarray(0, noteBytes - 4)) !== bytes.readUInt32LE(noteBytes - 4)) return null;
  return { generation: bytes.subarray(0, generationBytes), frames: bytes.readUInt32LE(generationBytes) };
}

/** Null where the log is missing or its header is not what SQLite wrote. */
function readHeader(log: string): Buffer | null {
  if (!existsSync(log)) return null;
  const header = Buffer.alloc(logHeaderBytes);
  const descriptor = openSync(log, "r");
  try {
    if (readSync(descriptor, header, 0, logHeaderBytes, 0) !== logHeaderBytes) return null;
  } finally {
    closeSync(descriptor);
  }
  return hasItsChecksum(header) ? header : null;
}

function generationOf(header: Buffer): Buffer {
  return header.subarray(generationStart, generationStart + generationBytes);
}

/** A log begins anew only when all of the one before is in the data file. */
function isNewer(header: Buffer, { generation }: Note): boolean {
  return ((header.readUInt32BE(generationStart) - generation.readUInt32BE(0)) | 0) > 0;
}

/** SQLite's checksum of the log's header, as its file format defines it. */
function hasItsChecksum(header: Buffer): boolean {
  const magic = header.readUInt32BE(0);
  const word = (at: number) => (magic === 0x377f0683 ? header.readUInt32BE(at) : header.readUInt32LE(at));
  let [first, second] = [0, 0];
  for (let at = 0; at < 24; at += 8) {
    first = (first + word(at) + second) >>> 0;
    second = (second + word(at + 4) + first) >>> 0;
  }
  return first === header.readUInt32BE(24) && second === header.readUInt32BE(28);
}
