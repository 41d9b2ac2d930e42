// A Socket.IO client that sends exactly the bytes it is given, which the usual one cannot.
import WebSocket from "ws";
import { inTime } from "./judge.ts";

export class RawSocket {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  readonly #heard: string[] = [];
  readonly #closed: Promise<"closed">;
  #nextId = 1;
  #open = true;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => {
      socket.on("close", () => {
        this.#open = false;
        resolve("closed");
      });
    });
    socket.on("error", () => undefined);
    socket.on("message", (data: Buffer, isBinary) => isBinary || this.#hear(data.toString("utf8")));
  }

  static async open(url: string, token: string): Promise<RawSocket> {
    const socket = new WebSocket(`${url.replace(/^http/, "ws")}/socket.io/?EIO=4&transport=websocket`);
    const raw = new RawSocket(socket);
    const connected = new Promise<void>((resolve, reject) => {
      socket.once("open", () => socket.send(`40${JSON.stringify({ token })}`));
      socket.on("message", (data: Buffer) => {
        const text = data.toString("utf8");
        if (text.startsWith("40")) resolve();
        if (text.startsWith("44")) reject(new Error(`the socket was refused: ${text}`));
      });
      socket.once("error", reject);
    });
    await inTime(connected, "connecting a socket");
    return raw;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Everything heard since it was last asked for. */
  heard(): string[] {
    return this.#heard.splice(0);
  }

  send(packet: string | Buffer): void {
    if (this.#open) this.#socket.send(packet);
  }

  /** The acknowledgement of an event whose arguments are this JSON; "closed" where the server hung up on it. */
  ask(name: string, args: string, attachments: Buffer[] = []): Promise<unknown> {
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve) => this.#waiting.set(id, resolve));
    const head = attachments.length === 0 ? `42${id}` : `45${attachments.length}-${id}`;
    this.send(`${head}[${JSON.stringify(name)}${args === "" ? "" : ","}${args}]`);
    for (const attachment of attachments) this.send(attachment);
    return inTime(Promise.race([answer, this.#closed]), `the event ${name}`);
  }

  close(): void {
    this.#socket.terminate();
  }

  #hear(packet: string): void {
    if (packet === "2") return this.send("3");
    this.#heard.push(packet);
    const [, id, answer] = /^43(\d+)\[([^]*)\]$/.exec(packet) ?? [];
    if (id === undefined) return;
    this.#waiting.get(Number(id))?.(answer === "" ? null : JSON.parse(answer ?? "null"));
    this.#waiting.delete(Number(id));
  }
}
