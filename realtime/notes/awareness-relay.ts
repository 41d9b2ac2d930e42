// Presence between processes: rooms that have the same document open tell each other who is connected to them.
import { bounds } from "../bounds.ts";
import type { RealtimePorts } from "../ports.ts";
import type { RelayedEntry } from "./awareness.ts";
import type { NotesRoom, NotesRooms } from "./room.ts";

const method = "notes.presence";

interface Known {
  /** Processes that have the document open, too. */
  peers: Set<string>;
  /** Processes that know that it is open here. */
  greeted: Set<string>;
}

interface Told {
  documentId: string;
  entries: RelayedEntry[];
  /** `open` and `close` say that the sender has just opened or closed the document. */
  what: "open" | "changes" | "close";
}

/**
 * What gets lost on the way is made good: a greeting is repeated until it is answered, stock clients renew their state
 * every 15 s, and what nobody has renewed for `bounds.awarenessSilentMs` is dropped.
 */
export class AwarenessRelay {
  readonly #ports: Pick<RealtimePorts, "nodes" | "now">;
  readonly #rooms: NotesRooms;
  readonly #known = new Map<NotesRoom, Known>();

  constructor(ports: Pick<RealtimePorts, "nodes" | "now">, rooms: NotesRooms) {
    this.#ports = ports;
    this.#rooms = rooms;
    rooms.listener = this;
    ports.nodes.serve(method, (args, from) => this.#heard(args as unknown as Told, from));
    ports.nodes.onEnded((term) => this.#ended(term));
  }

  opened(room: NotesRoom): void {
    this.#known.set(room, { peers: new Set(), greeted: new Set() });
    room.onPresence = (entries) => {
      for (const term of this.#known.get(room)?.peers ?? []) this.#tell(room, term, entries);
    };
    this.#greetOthers(room);
  }

  closed(room: NotesRoom): void {
    const { documentId } = room;
    for (const term of this.#known.get(room)?.peers ?? []) {
      const told: Told = { documentId, entries: [], what: "close" };
      this.#ports.nodes.call(term, method, { ...told }).catch(() => undefined);
    }
    this.#known.delete(room);
  }

  /** Called in a fixed rhythm. */
  sweep(nowMs: number): void {
    if (this.#ports.nodes.others().length === 0) return;
    for (const room of this.#known.keys()) {
      this.#greetOthers(room);
      room.awareness.removeSilent(nowMs - bounds.awarenessSilentMs);
      room.awarenessChanged();
    }
  }

  #greetOthers(room: NotesRoom): void {
    const known = this.#known.get(room);
    for (const term of this.#ports.nodes.others()) {
      if (known?.greeted.has(term) !== false) continue;
      known.greeted.add(term);
      void this.#greet(room, known, term);
    }
  }

  async #greet(room: NotesRoom, known: Known, term: string): Promise<void> {
    const { documentId } = room;
    const told: Told = { documentId, entries: room.awareness.allHere(), what: "open" };
    try {
      const answer = await this.#ports.nodes.call(term, method, { ...told });
      if (answer["open"] !== true || !this.#known.has(room)) return;
      known.peers.add(term);
      // Who came meanwhile was not in what was told.
      this.#tell(room, term, room.awareness.allHere());
      room.awareness.receiveFrom(term, answer["entries"] as RelayedEntry[]);
      room.awarenessChanged();
    } catch {
      known.greeted.delete(term);
    }
  }

  #tell(room: NotesRoom, term: string, entries: RelayedEntry[]): void {
    if (entries.length === 0) return;
    const told: Told = { documentId: room.documentId, entries, what: "changes" };
    this.#ports.nodes.call(term, method, { ...told }).then(
      ({ open }) => {
        if (open !== true) this.#known.get(room)?.peers.delete(term);
      },
      () => undefined,
    );
  }

  #heard({ documentId, entries, what }: Told, from: string): Record<string, unknown> {
    const room = this.#rooms.get(documentId);
    const known = room === null ? undefined : this.#known.get(room);
    if (room === null || known === undefined) return { open: false };
    if (what === "close") {
      known.peers.delete(from);
      room.awareness.removeAllOf(from);
    } else {
      known.peers.add(from);
      room.awareness.receiveFrom(from, entries);
    }
    room.awarenessChanged();
    return { open: true, ...(what === "open" && { entries: room.awareness.allHere() }) };
  }

  #ended(term: string): void {
    for (const [room, { peers, greeted }] of this.#known) {
      peers.delete(term);
      greeted.delete(term);
      room.awareness.removeAllOf(term);
      room.awarenessChanged();
    }
  }
}
