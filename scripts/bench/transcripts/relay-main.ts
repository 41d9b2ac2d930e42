// The transcript's floor, as a process: Socket.IO that passes chunks on to the meeting and stores nothing.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";

interface Append {
  meetingId: string;
  chunks: { clientKey: string }[];
}

const http = createServer();
const sockets = new Server(http, { transports: ["websocket"], perMessageDeflate: false });
const sequences = new Map<string, number>();
sockets.on("connection", (socket) => {
  socket.on("meeting:join", async ({ meetingId }: { meetingId: string }, answer: (value: object) => void) => {
    await socket.join(meetingId);
    answer({});
  });
  socket.on("transcript:append", ({ meetingId, chunks }: Append, answer: (value: object) => void) => {
    const firstSequence = (sequences.get(meetingId) ?? 0) + 1;
    const lastSequence = firstSequence + chunks.length - 1;
    sequences.set(meetingId, lastSequence);
    const numbered = chunks.map((chunk, index) => ({ ...chunk, sequence: firstSequence + index }));
    sockets.to(meetingId).emit("transcript:chunks", { meetingId, chunks: numbered });
    answer({ firstSequence, lastSequence });
  });
});
http.listen(0, "127.0.0.1", () => {
  console.log(`Listening at http://127.0.0.1:${(http.address() as AddressInfo).port}`);
});
