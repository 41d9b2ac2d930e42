// Presence in one notes room: one awareness id a connection, the person's identity stamped by the server.
import type { Actor } from "../../shared/actor.ts";
import { AppError } from "../../shared/errors.ts";
import { limits } from "../../shared/limits.ts";
import { bounds } from "../bounds.ts";
import type { AwarenessEntry } from "./frames.ts";

/** A connection as awareness knows it. */
export interface Presence {
  actor: Actor;
}

/** An entry on its way between processes. */
export interface RelayedEntry extends AwarenessEntry {
  userId: string;
}

interface Bound extends AwarenessEntry {
  userId: string;
  owner: Presence | Elsewhere;
}

/** A connection to another process. */
interface Elsewhere {
  term: string;
  heardMs: number;
}

const gone = "null";
const colorPattern = /^(#[0-9a-f]{3,8}|(rgb|hsl)a?\([\d\s.,%/]{1,40}\))$/i;

export class RoomAwareness {
  readonly #nowMs: () => number;
  #states = new Map<number, Bound>();
  #ids = new Map<Presence, number>();
  /**
   * Clients drop a state whose clock they have seen; a client that reconnects repeats its old clock. So the room hands
   * out clocks of its own that only rise, and remembers them beyond a leave. They follow the time, so that a client which
   * comes from another process, or from before a restart, has not seen higher ones.
   */
  #clocks = new Map<number, number>();
  #changed = new Set<number>();
  /** Of those, the ones that other processes have to hear of. */
  #changedHere = new Map<number, string>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * Takes the sender's own entry out of what it sent; entries of others (stock clients echo them) are ignored. Answers
   * how many were. Throws VALIDATION_ERROR or PAYLOAD_TOO_LARGE; then nothing has changed.
   */
  receive(sender: Presence, entries: AwarenessEntry[]): number {
    let ignored = 0;
    for (const entry of entries) {
      if (this.#mayUse(sender, entry)) this.#take(sender, entry);
      else ignored += 1;
    }
    return ignored;
  }

  /** The connection is gone. */
  remove(owner: Presence): void {
    const clientId = this.#ids.get(owner);
    if (clientId === undefined) return;
    this.#ids.delete(owner);
    if (!this.#states.delete(clientId)) return;
    this.#nextClock(clientId, 0);
    this.#changed.add(clientId);
    this.#changedHere.set(clientId, owner.actor.userId);
  }

  /** What another process says of the connections to it. */
  receiveFrom(term: string, entries: RelayedEntry[]): void {
    for (const entry of entries) if (this.#mayCome(term, entry)) this.#takeFrom(term, entry);
  }

  /** Nobody is connected to that process, or has this document open there, any more. */
  removeAllOf(term: string): void {
    for (const { clientId, owner } of [...this.#states.values()]) {
      if ("term" in owner && owner.term === term) this.#removeElsewhere(clientId);
    }
  }

  /** States of other processes that nobody has renewed: their end may have got lost. */
  removeSilent(beforeMs: number): void {
    for (const { clientId, owner } of [...this.#states.values()]) {
      if ("term" in owner && owner.heardMs < beforeMs) this.#removeElsewhere(clientId);
    }
  }

  idOf(owner: Presence): number | null {
    return this.#ids.get(owner) ?? null;
  }

  /** Entries that changed since the last call, for everybody. */
  takeChanges(): AwarenessEntry[] {
    const changes = [...this.#changed].map((clientId) => this.#entry(clientId));
    this.#changed.clear();
    return changes;
  }

  /** Of the connections to this process: what changed since the last call, for the other processes. */
  takeChangesHere(): RelayedEntry[] {
    const changes = [...this.#changedHere].map(([clientId, userId]) => ({
      ...this.#entry(clientId),
      userId,
    }));
    this.#changedHere.clear();
    return changes;
  }

  /** All states of connections to this process. */
  allHere(): RelayedEntry[] {
    return [...this.#states.values()].flatMap(({ clientId, userId, owner }) =>
      "term" in owner ? [] : [{ ...this.#entry(clientId), userId }],
    );
  }

  /** Everybody present, for somebody who joins. */
  all(): AwarenessEntry[] {
    return [...this.#states.keys()].map((clientId) => this.#entry(clientId));
  }

  #entry(clientId: number): AwarenessEntry {
    return {
      clientId,
      clock: this.#clocks.get(clientId) ?? 0,
      state: this.#states.get(clientId)?.state ?? gone,
    };
  }

  #mayUse(sender: Presence, { clientId, state }: AwarenessEntry): boolean {
    const own = this.#ids.get(sender);
    if (own !== undefined) return own === clientId;
    if (state === gone) return false;
    // The same tab after a silent break: its former connection is not noticed as dead yet.
    const holder = this.#states.get(clientId);
    if (holder === undefined) return true;
    if (holder.userId !== sender.actor.userId) return false;
    if (!("term" in holder.owner)) this.#ids.delete(holder.owner);
    return true;
  }

  #mayCome(term: string, { clientId, clock, state, userId }: RelayedEntry): boolean {
    const holder = this.#states.get(clientId);
    if (holder === undefined) return state !== gone;
    if ("term" in holder.owner && holder.owner.term === term) return true;
    // The same tab, which has moved: the later one counts, and the end of the earlier one ends nothing.
    return state !== gone && holder.userId === userId && clock > holder.clock;
  }

  #takeFrom(term: string, { clientId, clock, state, userId }: RelayedEntry): void {
    const holder = this.#states.get(clientId);
    if (holder !== undefined && !("term" in holder.owner)) this.#ids.delete(holder.owner);
    if (state === gone) return this.#removeElsewhere(clientId);
    const owner: Elsewhere = { term, heardMs: this.#nowMs() };
    const nextClock = this.#nextClock(clientId, clock);
    this.#states.set(clientId, { clientId, clock: nextClock, state, userId, owner });
    this.#changed.add(clientId);
  }

  #removeElsewhere(clientId: number): void {
    this.#states.delete(clientId);
    this.#nextClock(clientId, 0);
    this.#changed.add(clientId);
  }

  #take(sender: Presence, { clientId, clock, state }: AwarenessEntry): void {
    const stamped = state === gone ? gone : stampIdentity(state, sender.actor);
    this.#ids.set(sender, clientId);
    const nextClock = this.#nextClock(clientId, clock);
    if (stamped === gone) this.#states.delete(clientId);
    else {
      const { userId } = sender.actor;
      this.#states.set(clientId, { clientId, clock: nextClock, state: stamped, userId, owner: sender });
    }
    this.#changed.add(clientId);
    this.#changedHere.set(clientId, sender.actor.userId);
  }

  #nextClock(clientId: number, clock: number): number {
    // From 1: stock clients take a clock of 0 for one they have seen.
    const next = Math.max(clock, this.#nowMs(), (this.#clocks.get(clientId) ?? 0) + 1);
    // Taken out and put back, so that the oldest stands first.
    this.#clocks.delete(clientId);
    this.#clocks.set(clientId, next);
    if (this.#clocks.size > bounds.awarenessClocks) {
      for (const oldest of this.#clocks.keys()) {
        if (this.#states.has(oldest)) continue;
        this.#clocks.delete(oldest);
        break;
      }
    }
    return next;
  }
}

/** The state with id and name of the person whose connection it came on; of what it claims itself the color is kept. */
function stampIdentity(state: string, actor: Actor): string {
  if (Buffer.byteLength(state) > limits.awarenessMaxBytes) {
    throw new AppError("PAYLOAD_TOO_LARGE", `Presence may have ${limits.awarenessMaxBytes} bytes.`);
  }
  const parsed = parseObject(state);
  const claimed = isRecord(parsed["user"]) ? parsed["user"] : {};
  const color = claimed["color"];
  return JSON.stringify({
    ...parsed,
    user: {
      id: actor.userId,
      name: actor.displayName,
      // It ends in a style attribute on other people's pages.
      ...(typeof color === "string" && colorPattern.test(color) ? { color } : {}),
    },
  });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Answered below like any other value that is no object.
  }
  throw new AppError("VALIDATION_ERROR", "A presence state must be a JSON object.");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
