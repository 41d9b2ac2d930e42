// A disk that forgets what it failed to sync: the kernel takes such pages for written, and only a power cut shows that they are not.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const pageBytes = 4096;

/**
 * Follows what one file, of this process, would hold after a power cut. Its syncs and writes by `node:fs` are seen, and the
 * syncs fail while `failing` says so; what SQLite writes shows in the bytes, and its syncs are told by `synced` and `forgot`.
 * A page that is written, be it with the bytes it had, reaches the disk with the next sync that succeeds, and no other does.
 */
export class ForgetfulDisk {
  failing = false;
  readonly #file: string;
  readonly #inode: number;
  readonly #waiting = new Set<number>();
  readonly #real = { fsyncSync: fs.fsyncSync, writeSync: fs.writeSync };
  #shown: Buffer;
  #kept: Buffer;

  /** The file must be there. Where nothing else is said all of it is on the disk. */
  constructor(file: string, kept?: Buffer) {
    this.#file = file;
    this.#inode = fs.statSync(file).ino;
    this.#shown = fs.readFileSync(file);
    this.#kept = kept ?? this.#shown;
    replace({
      fsyncSync: (descriptor: number) => {
        if (this.failing && this.#isMine(descriptor)) {
          this.forgot();
          throw Object.assign(new Error("EIO: i/o error, fsync"), {
            code: "EIO",
            errno: -5,
            syscall: "fsync",
          });
        }
        this.#real.fsyncSync(descriptor);
        if (this.#isMine(descriptor)) this.synced();
      },
      writeSync: (
        descriptor: number,
        bytes: NodeJS.ArrayBufferView,
        offset: number,
        length: number,
        position: number,
      ) => {
        const written = this.#real.writeSync(descriptor, bytes, offset, length, position);
        if (this.#isMine(descriptor)) this.#wait(position, position + written);
        return written;
      },
    });
  }

  /** What was written until now is on the disk. */
  synced(): void {
    this.#look();
    for (const page of this.#waiting) {
      const start = page * pageBytes;
      const bytes = this.#shown.subarray(start, start + pageBytes);
      const missing = start + bytes.length - this.#kept.length;
      // A new buffer: what was kept before may have been given away.
      this.#kept = Buffer.concat([this.#kept, Buffer.alloc(Math.max(0, missing))]);
      bytes.copy(this.#kept, start);
    }
    this.#waiting.clear();
  }

  /** It could not be written, and nobody will try again. */
  forgot(): void {
    this.#look();
    this.#waiting.clear();
  }

  /** The file after a power cut. */
  leaves(): Buffer {
    return this.#kept;
  }

  /** Of several the last one goes first. */
  stop(): void {
    replace(this.#real);
  }

  #isMine(descriptor: number): boolean {
    return fs.fstatSync(descriptor).ino === this.#inode;
  }

  #look(): void {
    const now = fs.readFileSync(this.#file);
    for (let start = 0; start < now.length; start += pageBytes) {
      const end = start + pageBytes;
      if (!now.subarray(start, end).equals(this.#shown.subarray(start, end))) this.#wait(start, end);
    }
    this.#shown = now;
  }

  #wait(start: number, end: number): void {
    for (let page = Math.floor(start / pageBytes); page * pageBytes < end; page += 1) this.#waiting.add(page);
  }
}

/** Also for those who have imported them by name. */
function replace(functions: object): void {
  Object.assign(fs, functions);
  syncBuiltinESMExports();
}
