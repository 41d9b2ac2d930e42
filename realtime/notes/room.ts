// One open notes document: who is connected, what is durable of it, and who is where in it.
import type { UserId } from "../../shared/ids.ts";
import { TransientMap } from "../../shared/transient-map.ts";
import { bounds } from "../bounds.ts";
import { metricNames } from "../metrics.ts";
import type { RealtimePorts } from "../ports.ts";
import { RoomAwareness, type Presence, type RelayedEntry } from "./awareness.ts";
import { NotesDocument } from "./document.ts";
import { awarenessFrame } from "./frames.ts";
import { messageOf, updateMessage, type UpdateMessage } from "./messages.ts";

export interface RoomMember extends Presence {
  /** Names the connection among those of all processes. */
  readonly origin: string;
  /** Sends a whole message, which may be the same for many. */
  pass(message: Buffer): void;
  /** Closes the connection in a way from which the client comes back and offers all that it holds. */
  startOver(): void;
}

/** An edit that is not durable yet. */
interface Edit {
  from: RoomMember;
  message: Buffer;
  /** Whether the members have it. */
  isShown: boolean;
}

type RoomPorts = Pick<RealtimePorts, "schedule" | "now" | "notes" | "count" | "observeSeconds">;

export class NotesRoom {
  readonly documentId: string;
  readonly document: NotesDocument;
  readonly awareness: RoomAwareness;
  readonly members = new Set<RoomMember>();
  /** By the origin under which the journal has them. */
  readonly #edits = new TransientMap<string, Edit>();
  #editsMade = 0;
  readonly #ports: RoomPorts;
  #awarenessSentMs = 0;
  #cancelAwareness: (() => void) | null = null;
  #cancelMerge: (() => void) | null = null;
  #follow: { close(): void } | null = null;
  /** Hears what other processes have to know of presence here. */
  onPresence: ((room: NotesRoom, entries: RelayedEntry[]) => void) | null = null;

  constructor(documentId: string, updates: Uint8Array[], ports: RoomPorts) {
    this.documentId = documentId;
    this.document = new NotesDocument(updates);
    this.awareness = new RoomAwareness(ports);
    this.#ports = ports;
  }

  /** From now on whatever becomes durable behind what was loaded reaches the members. */
  follow(afterSequence: number): void {
    this.#follow = this.#ports.notes.follow(this.documentId, {
      afterSequence,
      deliver: (updates) => {
        for (const { update, origin } of updates) this.#durable(update, origin);
      },
    });
  }

  /** From here on nothing passes unseen: durable edits are in the document, the others come now or when they are shown. */
  join(member: RoomMember): void {
    this.members.add(member);
    for (const { message, isShown } of this.#edits.values()) if (isShown) member.pass(message);
  }

  /**
   * Resolves when the edit is durable. The others here see it before, as soon as nothing can become durable that builds on
   * it and it does not; should it fail all the same, everybody starts over, so that whoever holds it offers it again.
   */
  async append(from: RoomMember, authorId: UserId, { message, update }: UpdateMessage): Promise<void> {
    this.#editsMade += 1;
    const origin = `${from.origin}/${this.#editsMade}`;
    const edit: Edit = { from, message, isShown: false };
    this.#edits.set(origin, edit);
    const taken = () => {
      edit.isShown = true;
      this.#show(message, from);
    };
    try {
      await this.#ports.notes.append(this.documentId, { authorId, update, origin, taken });
    } catch (error) {
      if (edit.isShown) for (const member of [...this.members]) member.startOver();
      throw error;
    } finally {
      this.#edits.delete(origin);
    }
  }

  #durable(update: Uint8Array, origin: string | null): void {
    this.document.add(update);
    const edit = origin === null ? undefined : this.#edits.get(origin);
    if (edit?.isShown !== true && this.members.size > 0)
      this.#show(edit?.message ?? updateMessage(update).message, edit?.from);
    if (!this.document.wantsMerge || this.#cancelMerge !== null) return;
    // After the relaying of this turn, so that nobody waits for it.
    this.#cancelMerge = this.#ports.schedule(0, () => {
      this.#cancelMerge = null;
      this.document.merge();
    });
  }

  #show(message: Buffer, from: RoomMember | undefined): void {
    for (const member of this.members) if (member !== from) member.pass(message);
  }

  leave(member: RoomMember): void {
    this.members.delete(member);
    this.awareness.remove(member);
    this.#sendAwareness();
  }

  /** Presence changed: sent at once after a pause, together with what follows under load. */
  awarenessChanged(): void {
    if (this.#cancelAwareness !== null) return;
    const waitMs = this.#awarenessSentMs + bounds.awarenessWindowMs - this.#ports.now().getTime();
    if (waitMs <= 0) return this.#sendAwareness();
    this.#cancelAwareness = this.#ports.schedule(waitMs, () => this.#sendAwareness());
  }

  close(): void {
    this.#follow?.close();
    this.#cancelAwareness?.();
    this.#cancelMerge?.();
  }

  #sendAwareness(): void {
    this.#cancelAwareness?.();
    this.#cancelAwareness = null;
    const { changes, here } = this.awareness.takeChanges();
    if (here.length > 0) this.onPresence?.(this, here);
    if (changes.length === 0) return;
    this.#awarenessSentMs = this.#ports.now().getTime();
    const message = messageOf(awarenessFrame(changes));
    for (const member of this.members) {
      // Nobody is told of themselves: an echo would put an older state over the client's own.
      const own = member.awarenessId;
      if (!changes.some(({ clientId }) => clientId === own)) member.pass(message);
      else if (changes.length > 1)
        member.pass(messageOf(awarenessFrame(changes.filter(({ clientId }) => clientId !== own))));
    }
  }
}

interface Entry {
  holds: number;
  room: NotesRoom | null;
  loading: Promise<NotesRoom>;
}

export interface RoomsListener {
  opened(room: NotesRoom): void;
  closed(room: NotesRoom): void;
}

/** The open rooms of this process. A room lives while a connection or an unfinished append holds it. */
export class NotesRooms {
  readonly #entries = new Map<string, Entry>();
  /** Rooms of what has been erased since, as long as somebody holds them. */
  readonly #retired = new Map<NotesRoom, Entry>();
  readonly #ports: RoomPorts;

  /** Hears of rooms from when they are loaded until nobody holds them. */
  listener: RoomsListener | null = null;

  constructor(ports: RoomPorts) {
    this.#ports = ports;
  }

  /** The room where it is open and loaded here. */
  get(documentId: string): NotesRoom | null {
    return this.#entries.get(documentId)?.room ?? null;
  }

  all(): NotesRoom[] {
    return [...this.#entries.values()].flatMap(({ room }) => (room === null ? [] : [room]));
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * The loaded room, held once for the caller. All who come while it loads share one load; if that fails all of them
   * get its error and nothing stays, so that nobody ever sees an empty document in place of an unreadable one.
   */
  async acquire(documentId: string): Promise<NotesRoom> {
    let entry = this.#entries.get(documentId);
    if (entry === undefined) {
      entry = { holds: 0, room: null, loading: this.#load(documentId) };
      this.#entries.set(documentId, entry);
    }
    entry.holds += 1;
    try {
      const room = await entry.loading;
      if (this.#entries.get(documentId) !== entry && !this.#retired.has(room)) {
        // Retired while it was loading: it may hold what is erased.
        room.close();
        return await this.acquire(documentId);
      }
      if (entry.room === null) {
        entry.room = room;
        this.listener?.opened(room);
      }
      return room;
    } catch (error) {
      if (this.#entries.get(documentId) === entry) this.#entries.delete(documentId);
      throw error;
    }
  }

  /** Holds a room that the caller holds already once more. */
  hold(room: NotesRoom): void {
    const entry = this.#entryOf(room);
    if (entry !== null) entry.holds += 1;
  }

  release(room: NotesRoom): void {
    const entry = this.#entryOf(room);
    if (entry === null) return;
    entry.holds -= 1;
    if (entry.holds > 0) return;
    if (!this.#retired.delete(room)) this.#entries.delete(room.documentId);
    room.close();
    this.listener?.closed(room);
  }

  /** Whoever comes from now on gets the document loaded anew; whoever is there comes back to it. */
  retire(documentId: string): void {
    const entry = this.#entries.get(documentId);
    if (entry === undefined) return;
    this.#entries.delete(documentId);
    if (entry.room === null) return;
    this.#retired.set(entry.room, entry);
    for (const member of [...entry.room.members]) member.startOver();
  }

  #entryOf(room: NotesRoom): Entry | null {
    const entry = this.#entries.get(room.documentId);
    return (entry?.room === room ? entry : this.#retired.get(room)) ?? null;
  }

  async #load(documentId: string): Promise<NotesRoom> {
    const startedMs = this.#ports.now().getTime();
    try {
      const { updates, sequence } = await this.#ports.notes.load(documentId);
      const room = new NotesRoom(documentId, updates, this.#ports);
      // Bytes that cannot be read are a failed load, too.
      room.document.settle();
      room.follow(sequence);
      this.#ports.observeSeconds(
        metricNames.notesLoadSeconds,
        (this.#ports.now().getTime() - startedMs) / 1000,
      );
      return room;
    } catch (error) {
      this.#ports.count(metricNames.notesLoadFailures, 1);
      throw error;
    }
  }
}
