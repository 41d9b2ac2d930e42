// Presence between processes: rooms that have the same document open tell each other who is connected to them.
import { TransientMap } from "../../shared/transient-map.ts";
import { bounds } from "../bounds.ts";
import type { RealtimePorts } from "../ports.ts";
import type { RelayedEntry } from "./awareness.ts";
import type { NotesRoom, NotesRooms } from "./room.ts";

const method = "notes.presence";

/** Another process, seen from a room: it has the document open, too, and it knows that it is open here. */
interface Neighbour {
  isOpen: boolean;
  isGreeted: boolean;
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
  readonly #neighbours = new Map<NotesRoom, TransientMap<string, Neighbour>>();

  constructor(ports: Pick<RealtimePorts, "nodes" | "now">, rooms: NotesRooms) {
    this.#ports = ports;
    this.#rooms = rooms;
    rooms.listener = this;
    ports.nodes.serve(method, (args, from) => this.#heard(args as unknown as Told, from));
    ports.nodes.onEnded((term) => this.#ended(term));
  }

  opened(room: NotesRoom): void {
    this.#neighbours.set(room, new TransientMap());
    room.onPresence = this.#changed;
    this.#greetOthers(room);
  }

  closed(room: NotesRoom): void {
    const { documentId } = room;
    for (const term of this.#peersOf(room)) {
      const told: Told = { documentId, entries: [], what: "close" };
      this.#ports.nodes.call(term, method, { ...told }).catch(() => undefined);
    }
    this.#neighbours.delete(room);
  }

  /** Called in a fixed rhythm. */
  sweep(nowMs: number): void {
    if (this.#ports.nodes.others().length === 0) return;
    for (const room of this.#neighbours.keys()) {
      this.#greetOthers(room);
      room.awareness.removeSilent(nowMs - bounds.awarenessSilentMs);
      room.awarenessChanged();
    }
  }

  /** One for all rooms. */
  readonly #changed = (room: NotesRoom, entries: RelayedEntry[]): void => {
    for (const term of this.#peersOf(room)) this.#tell(room, term, entries);
  };

  #peersOf(room: NotesRoom): string[] {
    const entries = this.#neighbours.get(room)?.entries() ?? [];
    return entries.flatMap(([term, { isOpen }]) => (isOpen ? [term] : []));
  }

  #note(room: NotesRoom, term: string, news: Partial<Neighbour>): void {
    const neighbours = this.#neighbours.get(room);
    neighbours?.set(term, { isOpen: false, isGreeted: false, ...neighbours.get(term), ...news });
  }

  #greetOthers(room: NotesRoom): void {
    const neighbours = this.#neighbours.get(room);
    for (const term of this.#ports.nodes.others()) {
      if (neighbours === undefined || neighbours.get(term)?.isGreeted === true) continue;
      this.#note(room, term, { isGreeted: true });
      void this.#greet(room, term);
    }
  }

  async #greet(room: NotesRoom, term: string): Promise<void> {
    const { documentId } = room;
    const told: Told = { documentId, entries: room.awareness.allHere(), what: "open" };
    try {
      const answer = await this.#ports.nodes.call(term, method, { ...told });
      if (answer["open"] !== true || !this.#neighbours.has(room)) return;
      this.#note(room, term, { isOpen: true });
      // Who came meanwhile was not in what was told.
      this.#tell(room, term, room.awareness.allHere());
      room.awareness.receiveFrom(term, answer["entries"] as RelayedEntry[]);
      room.awarenessChanged();
    } catch {
      this.#note(room, term, { isGreeted: false });
    }
  }

  #tell(room: NotesRoom, term: string, entries: RelayedEntry[]): void {
    if (entries.length === 0) return;
    const told: Told = { documentId: room.documentId, entries, what: "changes" };
    this.#ports.nodes.call(term, method, { ...told }).then(
      ({ open }) => {
        if (open !== true) this.#note(room, term, { isOpen: false });
      },
      () => undefined,
    );
  }

  #heard({ documentId, entries, what }: Told, from: string): Record<string, unknown> {
    const room = this.#rooms.get(documentId);
    if (room === null || !this.#neighbours.has(room)) return { open: false };
    this.#note(room, from, { isOpen: what !== "close" });
    if (what === "close") room.awareness.removeAllOf(from);
    else room.awareness.receiveFrom(from, entries);
    room.awarenessChanged();
    return { open: true, ...(what === "open" && { entries: room.awareness.allHere() }) };
  }

  #ended(term: string): void {
    for (const [room, neighbours] of this.#neighbours) {
      neighbours.delete(term);
      room.awareness.removeAllOf(term);
      room.awarenessChanged();
    }
  }
}
