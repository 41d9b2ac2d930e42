// What tests of the gateway do with a socket again and again.
import type { Socket } from "socket.io-client";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { userIdOf } from "./fake-ports.ts";
import type { Harness } from "./harness.ts";

/** A chunk to append, told from others by its key. */
export const chunk = (key: string) => ({ clientKey: key, text: key, confidence: 1, startMs: 0, endMs: 1 });

/** The code of a refusal; undefined where the event was not refused. */
export const codeOf = (answer: Record<string, unknown>) =>
  (answer["error"] as { code: string } | undefined)?.code;

/** Everything a socket hears under a name, from now on. */
export function heard<Payload>(socket: Socket, name: string): Payload[] {
  const payloads: Payload[] = [];
  socket.on(name, (payload: Payload) => payloads.push(payload));
  return payloads;
}

/** What the server sent this socket before has arrived when this resolves. */
export const roundTrip = ({ emit }: Harness, socket: Socket) =>
  emit(socket, "live:unsubscribe", { id: "none" });

/** A chunk as it is published, by person 1. */
export function publishedChunk(sequence: number, text: string): TranscriptChunk {
  return {
    sequence,
    clientKey: `k${sequence}`,
    speakerId: userIdOf(1),
    text,
    confidence: 1,
    startMs: 0,
    endMs: 1,
    source: "typed",
    createdAt: "2026-01-05T09:00:00.000Z",
  };
}
