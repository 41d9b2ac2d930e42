// Seeded documents of the store benchmark: any of them can be made again from its number.
import mongoose from "mongoose";

const { ObjectId } = mongoose.mongo;

export interface BenchDocument {
  _id: mongoose.mongo.ObjectId;
  /** With `sequence` the compound index. */
  meetingId: string;
  sequence: number;
  /** Random in order: each entry lands anywhere in its index. */
  email: string;
  at: Date;
  speaker: string;
  text: string;
}

export const compoundIndex = { meetingId: 1, sequence: 1 } as const;
export const secondaryIndexes = [compoundIndex, { email: 1 }, { at: 1 }] as const;
const documentsPerMeeting = 200;
const firstAt = Date.UTC(2026, 0, 1);

/** A number within 0 and 2^32 that depends on both arguments and on nothing else. */
export function scramble(seed: number, n: number): number {
  let mixed = (Math.imul(n, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b) >>> 0;
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const words = "we agree that next week brings the plan back and everybody reads it before then so".split(" ");

export class BenchData {
  readonly #seed: number;
  readonly #meetings: number;

  constructor({ seed, size }: { seed: number; size: number }) {
    this.#seed = seed;
    this.#meetings = Math.max(1, Math.floor(size / documentsPerMeeting));
  }

  document(n: number): BenchDocument {
    const text = Array.from({ length: 22 }, (_, at) => words[scramble(n, at) % words.length]).join(" ");
    return {
      _id: this.#id(n),
      meetingId: `meeting-${n % this.#meetings}`,
      sequence: Math.floor(n / this.#meetings),
      email: this.email(n),
      at: new Date(firstAt + n * 250),
      speaker: `speaker-${scramble(this.#seed, n) % 997}`,
      text,
    };
  }

  email(n: number): string {
    const random = scramble(this.#seed, n).toString(16).padStart(8, "0");
    return `${random}-${n.toString(36)}@example.org`;
  }

  /** A meeting and the first sequence of a hundred in it. */
  range(pick: number, size: number): { meetingId: string; from: number } {
    const perMeeting = Math.floor(size / this.#meetings);
    return {
      meetingId: `meeting-${scramble(this.#seed, pick) % this.#meetings}`,
      from: scramble(pick, this.#seed) % Math.max(1, perMeeting - 100),
    };
  }

  /** Rising, as the driver makes them, but the same in every run. */
  #id(n: number): mongoose.mongo.ObjectId {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt32BE(Math.floor(firstAt / 1000) + Math.floor(n / 1000), 0);
    bytes.writeUInt32BE(scramble(this.#seed, 0), 4);
    bytes.writeUInt32BE(n, 8);
    return new ObjectId(bytes);
  }
}
