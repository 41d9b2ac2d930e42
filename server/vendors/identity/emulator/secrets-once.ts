// Secrets that are good once and for a while, such as the code that a browser carries back; in memory alone.
import { createHash } from "node:crypto";
import type { Clock } from "../../../platform/clock.ts";
import type { IdSource } from "../../../platform/ids.ts";

const maxKept = 1_000;

export class SecretsOnce<Meaning extends object> {
  readonly #kept = new Map<string, { meaning: Meaning; expiresAtMs: number }>();
  readonly #parts: { clock: Clock; ids: IdSource };
  readonly #lifetimeMs: number;

  constructor(parts: { clock: Clock; ids: IdSource }, lifetimeMs: number) {
    this.#parts = parts;
    this.#lifetimeMs = lifetimeMs;
  }

  issue(meaning: Meaning): string {
    const { clock, ids } = this.#parts;
    const nowMs = clock.now().getTime();
    for (const [key, { expiresAtMs }] of this.#kept) if (expiresAtMs <= nowMs) this.#kept.delete(key);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= maxKept && oldest.done !== true) this.#kept.delete(oldest.value);
    const secret = ids.secret(32);
    this.#kept.set(digest(secret), { meaning, expiresAtMs: nowMs + this.#lifetimeMs });
    return secret;
  }

  /** Null where it is unknown, used or too old. */
  take(secret: string): Meaning | null {
    const key = digest(secret);
    const found = this.#kept.get(key);
    this.#kept.delete(key);
    if (found === undefined || found.expiresAtMs <= this.#parts.clock.now().getTime()) return null;
    return found.meaning;
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
