// A person typing into the shared notes, word by word, through y-websocket as a browser does.
import { setTimeout as wait } from "node:timers/promises";
import * as decoding from "lib0/decoding";
import WebSocket from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { notesFragmentName, notesMessage } from "../../shared/protocol/notes-sync.ts";
import { spreadReconnects } from "../../shared/protocol/reconnect.ts";
import type { MeetingId } from "../../shared/ids.ts";

const syncedWithinMs = 30_000;
const betweenWordsMs = 60;

export class NoteTaker {
  readonly #document = new Y.Doc();
  readonly #provider: WebsocketProvider;
  readonly #refusals: string[] = [];

  private constructor(url: string, token: string, meetingId: MeetingId, name: string) {
    const address = new URL("/notes", url);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    this.#provider = new WebsocketProvider(address.href, meetingId, this.#document, {
      params: { token },
      WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
      disableBc: true,
    });
    spreadReconnects(this.#provider, Math.random);
    // Ours beside y-websocket's own; without handlers it complains about each of them.
    this.#provider.messageHandlers[notesMessage.durable] = () => undefined;
    this.#provider.messageHandlers[notesMessage.refused] = (_encoder, decoder) => {
      this.#refusals.push(decoding.readVarString(decoder));
    };
    this.#provider.awareness.setLocalStateField("user", { name });
  }

  static async open(url: string, token: string, meetingId: MeetingId, name: string): Promise<NoteTaker> {
    const taker = new NoteTaker(url, token, meetingId, name);
    const timeout = AbortSignal.timeout(syncedWithinMs);
    await new Promise<void>((resolve, reject) => {
      taker.#provider.once("sync", () => resolve());
      timeout.addEventListener("abort", () => reject(new Error("The notes did not open in time.")), {
        once: true,
      });
    });
    return taker;
  }

  /** Types a paragraph under a heading of the template, or at the end where there is no such heading. */
  async typeParagraph(heading: string, text: string): Promise<void> {
    const line = new Y.XmlText();
    const paragraph = new Y.XmlElement("paragraph");
    paragraph.insert(0, [line]);
    this.#insertUnder(heading, paragraph);
    await this.#type(line, text);
  }

  async typeTask(heading: string, text: string): Promise<void> {
    const line = new Y.XmlText();
    const paragraph = new Y.XmlElement("paragraph");
    paragraph.insert(0, [line]);
    const item = new Y.XmlElement<{ checked: boolean }>("taskItem");
    item.setAttribute("checked", false);
    item.insert(0, [paragraph]);
    const list = new Y.XmlElement("taskList");
    list.insert(0, [item as Y.XmlElement]);
    this.#insertUnder(heading, list);
    await this.#type(line, text);
  }

  /** What the server did not apply, in its own words. */
  get refusals(): readonly string[] {
    return this.#refusals;
  }

  close(): void {
    this.#provider.destroy();
    this.#document.destroy();
  }

  #insertUnder(heading: string, block: Y.XmlElement): void {
    const fragment = this.#document.getXmlFragment(notesFragmentName);
    this.#document.transact(() => {
      const blocks = fragment.toArray();
      const isHeading = (node: unknown): node is Y.XmlElement =>
        node instanceof Y.XmlElement && node.nodeName === "heading";
      const at = blocks.findIndex((node) => isHeading(node) && textOf(node) === heading);
      let end = at === -1 ? blocks.length : at + 1;
      while (at !== -1 && end < blocks.length && !isHeading(blocks[end])) end += 1;
      // The template leaves an empty line under each heading: it stays below what is written.
      const last = blocks[end - 1];
      const emptyLine = last instanceof Y.XmlElement && last.nodeName === "paragraph" && textOf(last) === "";
      fragment.insert(emptyLine ? end - 1 : end, [block]);
    });
  }

  async #type(line: Y.XmlText, text: string): Promise<void> {
    for (const [index, word] of text.split(" ").entries()) {
      line.insert(line.length, index === 0 ? word : ` ${word}`);
      await wait(betweenWordsMs);
    }
  }
}

function textOf(node: Y.XmlElement): string {
  return node
    .toArray()
    .map((child) => String(child))
    .join("")
    .trim();
}
