// The wire protocol by hand, signed in: for bytes that no driver would send.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { deserialize, serialize, type Binary, type Document } from "bson";

const operationMessage = 2013;

export function wireMessage(body: Uint8Array, operation = operationMessage): Buffer {
  const head = Buffer.alloc(operation === operationMessage ? 21 : 16);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(7, 4);
  head.writeInt32LE(operation, 12);
  return Buffer.concat([head, body]);
}

export class WireClient {
  readonly socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: (() => void) | null = null;
  #closed = false;

  private constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.on("data", (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#waiting?.();
    });
    this.socket.on("error", () => undefined);
    this.socket.on("close", () => {
      this.#closed = true;
      this.#waiting?.();
    });
  }

  static async open(uri: string, { signIn = true } = {}): Promise<WireClient> {
    const { port, username, password } = new URL(uri);
    const client = new WireClient(Number(port));
    await new Promise<void>((resolve, reject) => {
      client.socket.once("connect", resolve);
      client.socket.once("error", reject);
    });
    if (signIn) await client.signIn(username, password);
    return client;
  }

  /** The next answer, or null once the server has closed the connection. */
  async answer(): Promise<Document | null> {
    for (;;) {
      const length = this.#received.length < 16 ? Infinity : this.#received.readInt32LE(0);
      if (this.#received.length >= length) {
        const body = this.#received.subarray(21, length);
        this.#received = this.#received.subarray(length);
        return deserialize(body);
      }
      if (this.#closed) return null;
      await new Promise<void>((resolve) => (this.#waiting = resolve));
    }
  }

  send(bytes: Uint8Array): Promise<Document | null> {
    this.socket.write(bytes);
    return this.answer();
  }

  command(document: Document): Promise<Document | null> {
    return this.send(wireMessage(serialize(document)));
  }

  /** SCRAM-SHA-256; answers the proof, so that it can be tried again. Throws where the server refuses. */
  async signIn(user: string, secret: string): Promise<string> {
    const nonce = randomBytes(18).toString("base64");
    const bare = `n=${user},r=${nonce}`;
    const sasl = async (document: Document) => {
      const answer = await this.command({ ...document, $db: "admin" });
      if (answer?.["ok"] !== 1) throw new Error(`refused with ${String(answer?.["code"])}`);
      return Buffer.from((answer["payload"] as Binary).buffer).toString();
    };
    const first = await sasl({
      saslStart: 1,
      mechanism: "SCRAM-SHA-256",
      payload: Buffer.from(`n,,${bare}`),
    });
    const [, both = "", salt = "", iterations = ""] = /^r=(.*),s=(.*),i=(\d+)$/.exec(first) ?? [];
    const salted = pbkdf2Sync(secret, Buffer.from(salt, "base64"), Number(iterations), 32, "sha256");
    const clientKey = createHmac("sha256", salted).update("Client Key").digest();
    const storedKey = createHash("sha256").update(clientKey).digest();
    const withoutProof = `c=biws,r=${both}`;
    const signature = createHmac("sha256", storedKey).update(`${bare},${first},${withoutProof}`).digest();
    const proof = clientKey.map((byte, at) => byte ^ (signature[at] ?? 0));
    const final = `${withoutProof},p=${Buffer.from(proof).toString("base64")}`;
    await sasl({ saslContinue: 1, conversationId: 1, payload: Buffer.from(final) });
    await sasl({ saslContinue: 1, conversationId: 1, payload: Buffer.alloc(0) });
    return final;
  }

  close(): void {
    this.socket.destroy();
  }
}
