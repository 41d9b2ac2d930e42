// Tells the living from the dead among the other nodes, by what this process sees itself: no two clocks are compared.
import type { Term } from "../journal/journal-store.ts";
import type { ClusterLimits } from "./cluster-limits.ts";
import type { NodeRecord } from "./cluster-store.ts";
import type { Host } from "./host.ts";

export type Standing = "living" | "unknown" | "dead";

interface Seen {
  beats: number;
  /** When the count was first seen to stand where it stands. */
  sinceMs: number;
  /** It has been seen to rise. */
  beating: boolean;
}

export class Watch {
  readonly #host: Host;
  readonly #limits: ClusterLimits;
  /** Nobody else can use this store: whatever ran on it before is gone. */
  readonly #exclusive: boolean;
  readonly #seen = new Map<Term, Seen>();
  #lookedMs: number | null = null;

  constructor(options: { host: Host; limits: ClusterLimits; exclusive: boolean }) {
    this.#host = options.host;
    this.#limits = options.limits;
    this.#exclusive = options.exclusive;
  }

  /** Takes in one look at all nodes but one's own. */
  look(nodes: readonly NodeRecord[], nowMs: number): void {
    // Whoever has slept itself has not seen anybody stand still.
    const slept = this.#lookedMs !== null && nowMs - this.#lookedMs > this.#limits.expireMs / 2;
    this.#lookedMs = nowMs;
    const present = new Set(nodes.map(({ term }) => term));
    for (const term of this.#seen.keys()) if (!present.has(term)) this.#seen.delete(term);
    for (const { term, beats } of nodes) {
      const before = this.#seen.get(term);
      if (before === undefined) this.#seen.set(term, { beats, sinceMs: nowMs, beating: false });
      else if (before.beats !== beats) this.#seen.set(term, { beats, sinceMs: nowMs, beating: true });
      else if (slept) before.sinceMs = nowMs;
    }
  }

  standing({ term, state, host, pid }: NodeRecord, nowMs: number): Standing {
    if (state === "ended" || this.#exclusive) return "dead";
    if (host === this.#host.name && this.#host.isGone(pid)) return "dead";
    const seen = this.#seen.get(term);
    if (seen === undefined) return "unknown";
    if (nowMs - seen.sinceMs >= this.#limits.expireMs) return "dead";
    return seen.beating ? "living" : "unknown";
  }
}
