// A small notes client for load: a real Y.Doc over a plain WebSocket, counting what is durable as the page does.
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import WebSocket from "ws";
import * as syncProtocol from "y-protocols/sync";
import * as Y from "yjs";
import { notesFragmentName, notesMessage } from "../../shared/protocol/notes-sync.ts";

export interface NotesClientOptions {
  url: string;
  token: string;
  meetingId: string;
  /** A word of somebody else has arrived. */
  onWord(word: string): void;
  onDurable(word: string): void;
}

export class BenchNotesClient {
  readonly #doc = new Y.Doc();
  readonly #socket: WebSocket;
  readonly #options: NotesClientOptions;
  #paragraph: Y.XmlText | null = null;
  /** Words by the number of the frame that carried them; null for frames without one. */
  #sent: (string | null)[] = [];
  #durable = 0;
  #word: string | null = null;

  private constructor(options: NotesClientOptions) {
    this.#options = options;
    const address = new URL(`/notes/${options.meetingId}`, options.url.replace(/^http/, "ws"));
    address.searchParams.set("token", options.token);
    this.#socket = new WebSocket(address, { perMessageDeflate: false });
    this.#doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#sendUpdate((encoder) => syncProtocol.writeUpdate(encoder, update));
    });
    this.#doc.getXmlFragment(notesFragmentName).observeDeep((events, { origin }) => {
      if (origin === this) for (const event of events) this.#readWords(event);
    });
  }

  /** Resolves after the first sync. */
  static async open(options: NotesClientOptions): Promise<BenchNotesClient> {
    const client = new BenchNotesClient(options);
    const socket = client.#socket;
    await new Promise<void>((resolve, reject) => {
      socket.once("open", () =>
        client.#send(notesMessage.sync, (e) => syncProtocol.writeSyncStep1(e, client.#doc)),
      );
      socket.on("message", (data: Buffer) => {
        if (client.#receive(data)) resolve();
      });
      socket.once("close", (code) => reject(new Error(`The notes were closed with ${code}.`)));
      socket.once("error", reject);
    });
    return client;
  }

  /** Appends a word to this person's own paragraph. */
  write(word: string): void {
    this.#word = word;
    this.#doc.transact(() => {
      const text = (this.#paragraph ??= this.#addParagraph());
      text.insert(text.length, `${word} `);
    });
  }

  words(): Set<string> {
    const fragment = this.#doc.getXmlFragment(notesFragmentName);
    const texts = fragment.toArray().flatMap((node) => (node instanceof Y.XmlElement ? node.toArray() : []));
    return new Set(texts.flatMap((text) => wordsOf(text instanceof Y.XmlText ? text.toString() : "")));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  close(): void {
    this.#socket.terminate();
    this.#doc.destroy();
  }

  #addParagraph(): Y.XmlText {
    const paragraph = new Y.XmlElement("paragraph");
    const text = new Y.XmlText();
    paragraph.insert(0, [text]);
    this.#doc.getXmlFragment(notesFragmentName).push([paragraph]);
    return text;
  }

  #readWords(event: Y.YEvent<Y.AbstractType<unknown>>): void {
    for (const { insert } of event.changes.delta) {
      if (typeof insert === "string") for (const word of wordsOf(insert)) this.#options.onWord(word);
      // A person's first word comes inside its new paragraph.
      else if (Array.isArray(insert)) {
        for (const node of insert) {
          if (!(node instanceof Y.XmlElement)) continue;
          for (const text of node.toArray()) {
            for (const word of wordsOf(String(text))) this.#options.onWord(word);
          }
        }
      }
    }
  }

  /** True where the frame completed the first sync. */
  #receive(data: Buffer): boolean {
    const decoder = decoding.createDecoder(new Uint8Array(data));
    const type = decoding.readVarUint(decoder);
    if (type === notesMessage.durable) this.#advanceDurable(decoding.readVarUint(decoder));
    if (type !== notesMessage.sync) return false;
    const answer = encoding.createEncoder();
    encoding.writeVarUint(answer, notesMessage.sync);
    const step = syncProtocol.readSyncMessage(decoder, answer, this.#doc, this);
    if (step === syncProtocol.messageYjsSyncStep1) {
      this.#sent.push(null);
      this.#socket.send(encoding.toUint8Array(answer));
    }
    return step === syncProtocol.messageYjsSyncStep2;
  }

  #advanceDurable(count: number): void {
    for (; this.#durable < count; this.#durable += 1) {
      const word = this.#sent[this.#durable] ?? null;
      if (word !== null) this.#options.onDurable(word);
    }
  }

  #sendUpdate(write: (encoder: encoding.Encoder) => void): void {
    this.#sent.push(this.#word);
    this.#word = null;
    this.#send(notesMessage.sync, write);
  }

  #send(type: number, write: (encoder: encoding.Encoder) => void): void {
    this.#socket.send(
      encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, type);
        write(encoder);
      }),
    );
  }
}

function wordsOf(text: string): string[] {
  return text.match(/\d+-\d+-\d+/g) ?? [];
}
