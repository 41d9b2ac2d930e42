// Uploads as no browser makes them: by hand, broken off, and without end.
import { request } from "node:http";
import { connect } from "node:net";

/** Everything that the server says until it, or the test, ends the line. */
export function sendRaw(port: number, bytes: string, { hangUp = false } = {}): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(bytes, () => {
        if (hangUp) socket.destroy();
      });
    });
    socket.setTimeout(10_000, () => socket.destroy());
    socket.on("data", (piece: Buffer) => (answer += piece.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
  });
}

/** Sends until it is refused, and goes on sending until the line is cut. */
export function sendEndless(address: string, token: string): Promise<{ status: number; sent: number }> {
  return new Promise((resolve) => {
    let status = 0;
    let sent = 0;
    const piece = Buffer.alloc(64 * 1024, "a");
    const outgoing = request(address, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "text/plain" },
    });
    const more = () => {
      for (;;) {
        if (outgoing.destroyed) return;
        sent += piece.length;
        if (!outgoing.write(piece)) return void outgoing.once("drain", more);
      }
    };
    outgoing.on("response", (incoming) => {
      status = incoming.statusCode ?? 0;
      incoming.resume();
    });
    outgoing.on("error", () => undefined);
    outgoing.on("close", () => resolve({ status, sent }));
    more();
  });
}
