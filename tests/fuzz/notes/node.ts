// A process of the fuzzed world: the real notes rooms on the real cluster and journal, both on a disk and a network in memory.
import { NotesConnection } from "../../../realtime/notes/connection.ts";
import { NotesRooms } from "../../../realtime/notes/room.ts";
import { Turns } from "../../../realtime/notes/turns.ts";
import type { RealtimePorts } from "../../../realtime/ports.ts";
import { createFakeHouse, meetingIdOf, userIdOf } from "../../../realtime/testing/fake-ports.ts";
import type { JournalEntry } from "../../../server/platform/journal/index.ts";
import type { TestNode, TestWorld } from "../../../server/platform/cluster/testing.ts";
import type { FuzzSocket } from "./socket.ts";

export class FuzzNode {
  readonly node: TestNode;
  readonly rooms: NotesRooms;
  readonly #turns = new Turns();
  readonly #ports: RealtimePorts;
  readonly #connections = new Set<NotesConnection>();
  readonly #sockets = new Set<FuzzSocket>();
  #dead = false;

  constructor(world: TestWorld, node: TestNode, name: string) {
    this.node = node;
    let ids = 0;
    this.#ports = {
      ...createFakeHouse().ports,
      schedule: (delayMs, run) => node.clock.schedule(delayMs, run),
      now: () => node.clock.now(),
      newId: () => `${name}-${(ids += 1)}`,
      notes: notesOn(world, node),
    };
    this.rooms = new NotesRooms(this.#ports);
  }

  /** Lets the client in, as the server does: whoever cannot be let in is closed and comes again. */
  async accept(socket: FuzzSocket, documentId: string): Promise<void> {
    this.#sockets.add(socket);
    socket.pause();
    try {
      const room = await this.rooms.acquire(documentId);
      if (this.#dead || socket.readyState !== 1) return this.rooms.release(room);
      const connection = new NotesConnection({
        socket: socket.asNotesSocket,
        stream: socket.asStream,
        actor: { userId: userIdOf(1), displayName: "Person", expiresAt: new Date("2100-01-01") } as never,
        meetingId: meetingIdOf(1),
        layer: "shared",
        mode: "write",
        room,
        rooms: this.rooms,
        turns: this.#turns,
        ports: this.#ports,
        pingEarlierMs: 0,
        onClosed: (closed) => void this.#connections.delete(closed),
      });
      this.#connections.add(connection);
      connection.open();
    } catch {
      socket.cut();
    }
  }

  kill(): void {
    this.#dead = true;
    this.node.kill();
    for (const socket of this.#sockets) socket.cut();
  }

  get openRooms(): number {
    return this.rooms.size;
  }
}

/** What the notes module does, on the collection in memory. */
function notesOn(world: TestWorld, { cluster }: TestNode): RealtimePorts["notes"] {
  const { journal, streams } = cluster;
  const bytesOf = ({ payload }: JournalEntry) => payload as Uint8Array;
  return {
    open: () => Promise.reject(new Error("nobody asks")),
    async load(documentId) {
      const tail = await journal.tail(documentId, 1);
      const stored = world.disk.collection.get(documentId) ?? [];
      const entries = [
        ...stored,
        ...tail.filter(({ sequence }) => sequence > (stored.at(-1)?.sequence ?? 0)),
      ];
      return { updates: entries.map(bytesOf), sequence: entries.at(-1)?.sequence ?? 0 };
    },
    async append(documentId, { authorId, update, origin, taken }) {
      const input = { key: null, authorId, payload: update, origin, taken };
      const [appended] = await journal.append(documentId, [input]);
      if (appended === undefined) throw new Error("an append answers with its entry");
      return { sequence: appended.entry.sequence };
    },
    follow: (documentId, { afterSequence, deliver }) =>
      streams.follow(documentId, {
        afterSequence,
        deliver: (entries) =>
          deliver(entries.map((entry) => ({ update: bytesOf(entry), origin: entry.origin ?? null }))),
      }),
  };
}
