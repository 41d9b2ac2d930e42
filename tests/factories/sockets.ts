// Clients of the live streams for tests: Socket.IO with typed acks, and stock y-websocket.
import { io, type Socket } from "socket.io-client";
import WebSocket from "ws";
import type {
  ClientEventAck,
  ClientEventInput,
  ClientEventName,
  SocketError,
} from "../../shared/protocol/socket-events.ts";

const ackWithinMs = 20_000;

export async function connectSocket(url: string, token: string): Promise<Socket> {
  const socket = io(url, { auth: { token }, transports: ["websocket"], forceNew: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return socket;
}

export function emit<Name extends ClientEventName>(
  socket: Socket,
  name: Name,
  input: ClientEventInput<Name>,
): Promise<ClientEventAck<Name> | SocketError> {
  return socket.timeout(ackWithinMs).emitWithAck(name, input) as Promise<ClientEventAck<Name> | SocketError>;
}

/** As `emit`, throwing where the server refused. */
export async function emitOk<Name extends ClientEventName>(
  socket: Socket,
  name: Name,
  input: ClientEventInput<Name>,
): Promise<ClientEventAck<Name>> {
  const answer = await emit(socket, name, input);
  if (typeof answer === "object" && answer !== null && "error" in answer) {
    throw new Error(`${name} was refused: ${(answer as SocketError).error.code}`);
  }
  return answer as ClientEventAck<Name>;
}

export function errorCodeOf(answer: unknown): string | null {
  const parsed = answer as Partial<SocketError> | null;
  return parsed?.error?.code ?? null;
}

/** Opens a notes WebSocket and reports how it ended, and every byte it carried until then. */
export function observeNotesStream(
  url: string,
  path: string,
  token: string | null,
): Promise<{ code: number; bytes: Buffer }> {
  const address = new URL(path, url.replace(/^http/, "ws"));
  if (token !== null) address.searchParams.set("token", token);
  return new Promise((resolve, reject) => {
    const frames: Buffer[] = [];
    const socket = new WebSocket(address);
    // Sync step 1 with an empty state vector: asks for the whole document, as a stock client does.
    socket.on("open", () => socket.send(Buffer.from([0, 0, 1, 0])));
    socket.on("message", (data: Buffer) => frames.push(data));
    socket.on("close", (code) => resolve({ code, bytes: Buffer.concat(frames) }));
    socket.on("error", reject);
  });
}

/** What a client gets that is let in: everything up to the answer with the whole document. */
export function readNotesStream(url: string, path: string, token: string): Promise<Buffer> {
  const address = new URL(path, url.replace(/^http/, "ws"));
  address.searchParams.set("token", token);
  return new Promise((resolve, reject) => {
    const frames: Buffer[] = [];
    const socket = new WebSocket(address);
    socket.on("open", () => socket.send(Buffer.from([0, 0, 1, 0])));
    socket.on("message", (data: Buffer) => {
      frames.push(data);
      const isAnswer = data[0] === 0 && data[1] === 1;
      if (!isAnswer) return;
      resolve(Buffer.concat(frames));
      socket.close();
    });
    socket.on("close", (code) => reject(new Error(`the notes closed with ${code}`)));
    socket.on("error", reject);
  });
}
