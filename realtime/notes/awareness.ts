// Presence in one notes room: one awareness id a connection, the person's identity stamped by the server.
import type { Actor } from "../../shared/actor.ts";
import { AppError } from "../../shared/errors.ts";
import { limits } from "../../shared/limits.ts";
import { TransientMap } from "../../shared/transient-map.ts";
import { bounds } from "../bounds.ts";
import type { RealtimePorts } from "../ports.ts";
import type { AwarenessEntry } from "./frames.ts";

/** A connection as awareness knows it. */
export interface Presence {
  actor: Actor;
  /** The id that it uses; null until it has said one, and when another connection has taken it over. */
  awarenessId: number | null;
}

/** An entry on its way between processes. */
export interface RelayedEntry extends AwarenessEntry {
  userId: string;
}

/** What is known of one awareness id. */
interface Seat extends AwarenessEntry {
  userId: string;
  /** Null where nobody is there any more. */
  owner: Presence | Elsewhere | null;
}

/** A connection to another process. */
interface Elsewhere {
  term: string;
  heardMs: number;
}

const gone = "null";
const colorPattern = /^(#[0-9a-f]{3,8}|(rgb|hsl)a?\([\d\s.,%/]{1,40}\))$/i;

export class RoomAwareness {
  readonly #ports: Pick<RealtimePorts, "now">;
  /**
   * Clients drop a state whose clock they have seen; a client that reconnects repeats its old clock. So the room hands
   * out clocks of its own that only rise, and remembers them beyond a leave. They follow the time, so that a client which
   * comes from another process, or from before a restart, has not seen higher ones.
   */
  readonly #seats = new TransientMap<number, Seat>();
  /** Ids that changed, with whose they are where other processes have to hear of it. */
  readonly #changed = new TransientMap<number, string | null>();

  constructor(ports: Pick<RealtimePorts, "now">) {
    this.#ports = ports;
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
    const clientId = owner.awarenessId;
    if (clientId === null) return;
    owner.awarenessId = null;
    if (this.#present(clientId)?.owner !== owner) return;
    this.#change({ clientId, clock: 0, state: gone, userId: owner.actor.userId, owner: null }, true);
  }

  /** What another process says of the connections to it. */
  receiveFrom(term: string, entries: RelayedEntry[]): void {
    for (const entry of entries) if (this.#mayCome(term, entry)) this.#takeFrom(term, entry);
  }

  /** Nobody is connected to that process, or has this document open there, any more. */
  removeAllOf(term: string): void {
    this.#removeElsewhere((owner) => owner.term === term);
  }

  /** States of other processes that nobody has renewed: their end may have got lost. */
  removeSilent(beforeMs: number): void {
    this.#removeElsewhere(({ heardMs }) => heardMs < beforeMs);
  }

  /** Entries that changed since the last call, and those of them that other processes have to hear of. */
  takeChanges(): { changes: AwarenessEntry[]; here: RelayedEntry[] } {
    const changes: AwarenessEntry[] = [];
    const here: RelayedEntry[] = [];
    for (const [clientId, userId] of this.#changed.entries()) {
      const seat = this.#seats.get(clientId);
      const entry = seat === undefined ? { clientId, clock: 0, state: gone } : entryOf(seat);
      changes.push(entry);
      if (userId !== null) here.push({ ...entry, userId });
    }
    this.#changed.clear();
    return { changes, here };
  }

  /** All states of connections to this process. */
  allHere(): RelayedEntry[] {
    return this.#seats
      .values()
      .filter(({ owner }) => owner !== null && !("term" in owner))
      .map((seat) => ({ ...entryOf(seat), userId: seat.userId }));
  }

  /** Everybody present, for somebody who joins. */
  all(): AwarenessEntry[] {
    return this.#seats
      .values()
      .filter(({ owner }) => owner !== null)
      .map(entryOf);
  }

  /** Null where nobody is there under the id. */
  #present(clientId: number): (Seat & { owner: Presence | Elsewhere }) | null {
    const seat = this.#seats.get(clientId);
    return seat === undefined || !isTaken(seat) ? null : seat;
  }

  #mayUse(sender: Presence, { clientId, state }: AwarenessEntry): boolean {
    if (sender.awarenessId === null ? state === gone : sender.awarenessId !== clientId) return false;
    // The same tab after a silent break: its former connection is not noticed as dead yet.
    const holder = this.#present(clientId);
    return holder === null || holder.userId === sender.actor.userId;
  }

  #mayCome(term: string, { clientId, clock, state, userId }: RelayedEntry): boolean {
    const holder = this.#present(clientId);
    if (holder === null) return state !== gone;
    if ("term" in holder.owner && holder.owner.term === term) return true;
    // The same tab, which has moved: the later one counts, and the end of the earlier one ends nothing.
    return state !== gone && holder.userId === userId && clock > holder.clock;
  }

  #takeFrom(term: string, { clientId, clock, state, userId }: RelayedEntry): void {
    const holder = this.#present(clientId);
    if (holder !== null && !("term" in holder.owner)) holder.owner.awarenessId = null;
    const owner = state === gone ? null : { term, heardMs: this.#nowMs() };
    this.#change({ clientId, clock: state === gone ? 0 : clock, state, userId, owner }, false);
  }

  #removeElsewhere(matches: (owner: Elsewhere) => boolean): void {
    for (const { clientId, userId, owner } of this.#seats.values()) {
      if (owner !== null && "term" in owner && matches(owner))
        this.#change({ clientId, clock: 0, state: gone, userId, owner: null }, false);
    }
  }

  #take(sender: Presence, { clientId, clock, state }: AwarenessEntry): void {
    const stamped = state === gone ? gone : stampIdentity(state, sender.actor);
    const holder = this.#present(clientId);
    if (holder !== null && !("term" in holder.owner)) holder.owner.awarenessId = null;
    sender.awarenessId = clientId;
    const owner = stamped === gone ? null : sender;
    this.#change({ clientId, clock, state: stamped, userId: sender.actor.userId, owner }, true);
  }

  #change(seat: Seat, isHere: boolean): void {
    const { clientId, userId } = seat;
    const known = this.#seats.get(clientId);
    // From 1: stock clients take a clock of 0 for one they have seen.
    const clock = Math.max(seat.clock, this.#nowMs(), (known?.clock ?? 0) + 1);
    this.#seats.set(clientId, { ...seat, clock });
    this.#changed.set(clientId, isHere ? userId : (this.#changed.get(clientId) ?? null));
    if (known === undefined && this.#seats.size > bounds.awarenessClocks) this.#forgetOldest();
  }

  /** Of those who left, the one whose clock stands lowest. */
  #forgetOldest(): void {
    const left = this.#seats.values().filter(({ owner }) => owner === null);
    const lowest = Math.min(...left.map(({ clock }) => clock));
    const oldest = left.find(({ clock }) => clock === lowest);
    if (oldest !== undefined) this.#seats.delete(oldest.clientId);
  }

  #nowMs(): number {
    return this.#ports.now().getTime();
  }
}

function isTaken(seat: Seat): seat is Seat & { owner: Presence | Elsewhere } {
  return seat.owner !== null;
}

function entryOf({ clientId, clock, state }: Seat): AwarenessEntry {
  return { clientId, clock, state };
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
