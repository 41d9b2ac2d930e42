// Sends transcript chunks to a meeting's sockets: at once as long as there are few, gathered when they come in bursts.
import type { MeetingId } from "../../shared/ids.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { bounds } from "../bounds.ts";
import type { RealtimePorts } from "../ports.ts";

interface Window {
  /** Frames sent at once since the window began. */
  sent: number;
  /** What waits for the window's end. */
  chunks: TranscriptChunk[];
  cancel: () => void;
}

export class TranscriptFanOut {
  readonly #ports: Pick<RealtimePorts, "schedule">;
  readonly #send: (meetingId: MeetingId, chunks: TranscriptChunk[]) => void;
  readonly #windows = new Map<MeetingId, Window>();

  constructor(
    ports: Pick<RealtimePorts, "schedule">,
    send: (meetingId: MeetingId, chunks: TranscriptChunk[]) => void,
  ) {
    this.#ports = ports;
    this.#send = send;
  }

  /** Chunks of a meeting go out in the order in which they are published. */
  publish(meetingId: MeetingId, chunks: TranscriptChunk[]): void {
    const window = this.#windows.get(meetingId) ?? this.#begin(meetingId);
    // Two who speak at the same time are no burst: gathering pays only from several frames on.
    if (window.sent < bounds.transcriptFramesAtOnce) {
      window.sent += 1;
      this.#send(meetingId, chunks);
      return;
    }
    window.chunks.push(...chunks);
    if (window.chunks.length >= bounds.transcriptFrameMaxChunks) this.#flush(meetingId, window);
  }

  /** What is gathered for the meeting goes out now. */
  flush(meetingId: MeetingId): void {
    const window = this.#windows.get(meetingId);
    if (window !== undefined && window.chunks.length > 0) this.#flush(meetingId, window);
  }

  stop(): void {
    for (const [meetingId, window] of this.#windows) {
      window.cancel();
      if (window.chunks.length > 0) this.#flush(meetingId, window);
    }
    this.#windows.clear();
  }

  #begin(meetingId: MeetingId): Window {
    const window: Window = { sent: 0, chunks: [], cancel: () => undefined };
    this.#windows.set(meetingId, window);
    this.#arm(meetingId, window);
    return window;
  }

  #arm(meetingId: MeetingId, window: Window): void {
    window.cancel = this.#ports.schedule(bounds.transcriptWindowMs, () => {
      if (window.chunks.length === 0) {
        this.#windows.delete(meetingId);
        return;
      }
      // The burst goes on: what follows is gathered for another window.
      this.#flush(meetingId, window);
      this.#arm(meetingId, window);
    });
  }

  #flush(meetingId: MeetingId, window: Window): void {
    const { chunks } = window;
    window.chunks = [];
    this.#send(meetingId, chunks);
  }
}
