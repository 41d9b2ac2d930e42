// A notes client in memory that speaks as stock ones do, and remembers which of its edits it was told to be durable.
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as sync from "y-protocols/sync";
import * as Y from "yjs";
import { notesMessage } from "../../../shared/protocol/notes-sync.ts";
import type { Random } from "../../factories/random.ts";
import { FuzzSocket } from "./socket.ts";

export class FuzzClient {
  readonly doc = new Y.Doc();
  readonly name: string;
  socket: FuzzSocket | null = null;
  synced = false;
  /** Names of edits that the server called durable. */
  readonly acknowledged = new Set<string>();
  /** By update-bearing frame of this connection: how many edits the document held when it left. */
  #sent: number[] = [];
  /** The frame that bore all of the document; what was sent before it may rest on what had not been sent yet. */
  #wholeAt = Number.POSITIVE_INFINITY;
  readonly #edits: string[] = [];

  constructor(name: string, clientId: number) {
    this.name = name;
    // Chosen by hand, so that a seed is the same run again.
    this.doc.clientID = clientId;
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === this) return;
      this.#sendUpdate(syncFrame((encoder) => sync.writeUpdate(encoder, update)));
    });
  }

  get edits(): string[] {
    return this.doc.getArray<string>("edits").toArray();
  }

  get text(): string {
    return this.doc.getText("text").toString();
  }

  /** Its name is found again wherever it must not be missing; the text is for everything that may be deleted. */
  edit(random: Random): void {
    const name = `${this.name} ${this.#edits.length}`;
    const text = this.doc.getText("text");
    this.#edits.push(name);
    this.doc.transact(() => {
      this.doc.getArray<string>("edits").insert(random.below(this.edits.length + 1), [name]);
      if (text.length > 3 && random.chance(0.4))
        text.delete(random.below(text.length - 2), 1 + random.below(2));
      else text.insert(random.below(text.length + 1), String.fromCharCode(97 + random.below(26)));
    });
  }

  /** The socket to hand to a server. */
  open(): FuzzSocket {
    this.close();
    const socket = new FuzzSocket({
      onFrame: (frame) => this.#receive(frame),
      onClosed: () => {
        if (this.socket === socket) this.#lost();
      },
    });
    this.socket = socket;
    this.#sent = [];
    this.#wholeAt = Number.POSITIVE_INFINITY;
    socket.fromClient(syncFrame((encoder) => sync.writeSyncStep1(encoder, this.doc)));
    return socket;
  }

  close(): void {
    this.socket?.cut();
    this.#lost();
  }

  #lost(): void {
    this.socket = null;
    this.synced = false;
  }

  #sendUpdate(frame: Uint8Array): void {
    if (this.socket === null) return;
    this.#sent.push(this.#edits.length);
    this.socket.fromClient(frame);
  }

  #receive(frame: Uint8Array): void {
    const decoder = decoding.createDecoder(frame);
    const kind = decoding.readVarUint(decoder);
    if (kind === notesMessage.durable) {
      const frames = decoding.readVarUint(decoder);
      const count = frames > this.#wholeAt ? (this.#sent[frames - 1] ?? 0) : 0;
      for (const edit of this.#edits.slice(0, count)) this.acknowledged.add(edit);
      return;
    }
    if (kind === notesMessage.refused) throw new Error(`an edit of ${this.name} was refused`);
    if (kind !== notesMessage.sync) return;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, notesMessage.sync);
    const step = sync.readSyncMessage(decoder, encoder, this.doc, this, (error) => {
      throw error;
    });
    if (step === sync.messageYjsSyncStep2) this.synced = true;
    if (encoding.length(encoder) <= 1) return;
    this.#wholeAt = Math.min(this.#wholeAt, this.#sent.length);
    this.#sendUpdate(encoding.toUint8Array(encoder));
  }
}

function syncFrame(write: (encoder: encoding.Encoder) => void): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, notesMessage.sync);
    write(encoder);
  });
}
