// A notes client that only looks at bytes while it measures, and builds its document when the load is over.
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import WebSocket from "ws";
import * as Y from "yjs";
import { notesFragmentName, notesMessage } from "../../../shared/protocol/notes-sync.ts";
import type { Dialect } from "./dialects.ts";

const syncStep = { one: 0, two: 1, update: 2 } as const;
/** Sync as the answer to a sync step, in Hocuspocus. */
const hocuspocusSyncReply = 4;
const marker = "w#";
const markerDigits = 7;

export interface RawClientOptions {
  dialect: Dialect;
  url: string;
  room: string;
  token: string;
  onWord(number: number, client: RawNotesClient): void;
  onDurable(number: number): void;
}

export class RawNotesClient {
  readonly room: string;
  readonly doc = new Y.Doc();
  /** Numbers of the words that came from others. */
  readonly heard = new Set<number>();
  /** Awareness ids of others. */
  readonly present = new Set<number>();
  readonly #socket: WebSocket;
  readonly #options: RawClientOptions;
  readonly #prefix: Uint8Array;
  #paragraph: Y.XmlText | null = null;
  #outgoing: Uint8Array | null = null;
  #incoming: Uint8Array[] = [];
  /** The word of each frame that bears an update, null for the answer to a sync step. */
  #sent: (number | null)[] = [];
  #durable = 0;
  #clock = 0;
  #synced: () => void = () => undefined;

  private constructor(options: RawClientOptions) {
    this.#options = options;
    this.room = options.room;
    this.#prefix = options.dialect.prefix(options.room);
    const address = options.dialect.address(options.url.replace(/^http/, "ws"), options.room, options.token);
    this.#socket = new WebSocket(address, { perMessageDeflate: false });
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#outgoing = update;
    });
  }

  /** Resolves with the document's bytes having arrived, where the server keeps one. */
  static async open(options: RawClientOptions): Promise<RawNotesClient> {
    const client = new RawNotesClient(options);
    const socket = client.#socket;
    await new Promise<void>((resolve, reject) => {
      client.#synced = resolve;
      socket.on("message", (data: Buffer) => client.#receive(data));
      socket.once("close", (code) => reject(new Error(`The notes were closed with ${code}.`)));
      socket.once("error", reject);
      socket.once("open", () => {
        for (const message of options.dialect.greeting(options.room)) socket.send(message);
        if (!options.dialect.keepsDocuments) return resolve();
        client.#sendSync(syncStep.one, Y.encodeStateVector(client.doc));
      });
    });
    return client;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Appends a numbered word to this person's own paragraph. */
  write(number: number): void {
    this.writeText(`${marker}${String(number).padStart(markerDigits, "0")} `, number);
  }

  writeText(text: string, number: number | null): void {
    this.doc.transact(() => {
      const paragraph = (this.#paragraph ??= this.#addParagraph());
      paragraph.insert(paragraph.length, text);
    });
    if (this.#outgoing === null) throw new Error("An edit made no update.");
    this.#sent.push(number);
    this.#sendSync(syncStep.update, this.#outgoing);
    this.#outgoing = null;
  }

  /** Says where this person's cursor is. */
  moveCursor(): void {
    this.#clock += 1;
    const cursor = { anchor: this.#clock, head: this.#clock };
    const state = JSON.stringify({ user: { name: `Person ${this.doc.clientID}`, color: "#336699" }, cursor });
    const update = encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarUint(encoder, this.doc.clientID);
      encoding.writeVarUint(encoder, this.#clock);
      encoding.writeVarString(encoder, state);
    });
    this.#send((encoder) => {
      encoding.writeVarUint(encoder, notesMessage.awareness);
      encoding.writeVarUint8Array(encoder, update);
    });
  }

  /** The document with everything that has come. */
  content(): string {
    for (const update of this.#incoming.splice(0)) Y.applyUpdate(this.doc, update, this);
    return this.doc.getXmlFragment(notesFragmentName).toString();
  }

  /** Resolves when the connection is closed on both sides. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#socket.once("close", resolve));
    this.#socket.close();
    await closed;
    this.doc.destroy();
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #addParagraph(): Y.XmlText {
    const paragraph = new Y.XmlElement("paragraph");
    const text = new Y.XmlText();
    paragraph.insert(0, [text]);
    this.doc.getXmlFragment(notesFragmentName).push([paragraph]);
    return text;
  }

  #receive(data: Buffer): void {
    const decoder = decoding.createDecoder(data);
    decoder.pos = this.#prefix.byteLength;
    const type = decoding.readVarUint(decoder);
    if (type === notesMessage.durable) return this.#advanceDurable(decoding.readVarUint(decoder));
    if (type === notesMessage.awareness) return this.#receivePresence(decoding.readVarUint8Array(decoder));
    if (type === notesMessage.refused) throw new Error(`Refused: ${decoding.readVarString(decoder)}`);
    if (type !== notesMessage.sync && type !== hocuspocusSyncReply) return;
    const step = decoding.readVarUint(decoder);
    if (step === syncStep.one) {
      const missing = Y.encodeStateAsUpdate(this.doc, decoding.readVarUint8Array(decoder));
      this.#sent.push(null);
      return this.#sendSync(syncStep.two, missing);
    }
    this.#readWords(data);
    this.#incoming.push(decoding.readVarUint8Array(decoder).slice());
    if (step === syncStep.two) this.#synced();
  }

  #readWords(data: Buffer): void {
    for (let at = data.indexOf(marker, 0, "latin1"); at !== -1; at = data.indexOf(marker, at + 1, "latin1")) {
      const digits = data.toString("latin1", at + marker.length, at + marker.length + markerDigits);
      if (/^\d{7}$/.test(digits)) this.#options.onWord(Number(digits), this);
    }
  }

  #receivePresence(update: Uint8Array): void {
    const decoder = decoding.createDecoder(update);
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const clientId = decoding.readVarUint(decoder);
      decoding.readVarUint(decoder);
      const gone = decoding.readVarString(decoder) === "null";
      if (clientId !== this.doc.clientID && !gone) this.present.add(clientId);
    }
  }

  #advanceDurable(count: number): void {
    for (; this.#durable < count; this.#durable += 1) {
      const number = this.#sent[this.#durable] ?? null;
      if (number !== null) this.#options.onDurable(number);
    }
  }

  #sendSync(step: number, bytes: Uint8Array): void {
    this.#send((encoder) => {
      encoding.writeVarUint(encoder, notesMessage.sync);
      encoding.writeVarUint(encoder, step);
      encoding.writeVarUint8Array(encoder, bytes);
    });
  }

  #send(write: (encoder: encoding.Encoder) => void): void {
    this.#socket.send(
      encoding.encode((encoder) => {
        encoding.writeUint8Array(encoder, this.#prefix);
        write(encoder);
      }),
    );
  }
}
