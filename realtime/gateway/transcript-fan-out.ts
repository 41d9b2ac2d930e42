// Sends transcript chunks to a meeting's sockets: at once when it is quiet, gathered when chunks come in bursts.
import type { MeetingId } from "../../shared/ids.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { bounds } from "../bounds.ts";
import type { RealtimePorts } from "../ports.ts";

interface Pending {
  chunks: TranscriptChunk[];
  cancel: (() => void) | null;
}

export class TranscriptFanOut {
  readonly #ports: Pick<RealtimePorts, "schedule">;
  readonly #send: (meetingId: MeetingId, chunks: TranscriptChunk[]) => void;
  readonly #pending = new Map<MeetingId, Pending>();

  constructor(
    ports: Pick<RealtimePorts, "schedule">,
    send: (meetingId: MeetingId, chunks: TranscriptChunk[]) => void,
  ) {
    this.#ports = ports;
    this.#send = send;
  }

  publish(meetingId: MeetingId, chunks: TranscriptChunk[]): void {
    const known = this.#pending.get(meetingId);
    if (known === undefined) {
      // The first after a pause; what follows within the window is gathered.
      this.#pending.set(meetingId, { chunks: [], cancel: null });
      this.#send(meetingId, chunks);
      this.#arm(meetingId);
      return;
    }
    known.chunks.push(...chunks);
    if (known.chunks.length >= bounds.transcriptFrameMaxChunks) this.#flush(meetingId, known);
  }

  stop(): void {
    for (const [meetingId, pending] of this.#pending) {
      pending.cancel?.();
      if (pending.chunks.length > 0) this.#send(meetingId, pending.chunks);
    }
    this.#pending.clear();
  }

  #arm(meetingId: MeetingId): void {
    const pending = this.#pending.get(meetingId);
    if (pending === undefined) return;
    pending.cancel = this.#ports.schedule(bounds.transcriptWindowMs, () => {
      if (pending.chunks.length === 0) {
        this.#pending.delete(meetingId);
        return;
      }
      this.#flush(meetingId, pending);
      this.#arm(meetingId);
    });
  }

  #flush(meetingId: MeetingId, pending: Pending): void {
    const { chunks } = pending;
    pending.chunks = [];
    this.#send(meetingId, chunks);
  }
}
