// Sends transcript chunks to a meeting's sockets: at once as long as there are few, gathered when they come in bursts.
import type { MeetingId } from "../../shared/ids.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { bounds } from "../bounds.ts";
import type { RealtimePorts } from "../ports.ts";

/** What one meeting had of the window that runs. */
interface Share {
  /** Frames sent at once. */
  sent: number;
  /** What waits for the window's end. */
  chunks: TranscriptChunk[];
}

export class TranscriptFanOut {
  readonly #ports: Pick<RealtimePorts, "schedule">;
  readonly #send: (meetingId: MeetingId, chunks: TranscriptChunk[]) => void;
  /** Of all meetings together, made anew for each window: a timer for every line would cost more than what it is for. */
  #shares = new Map<MeetingId, Share>();
  #cancel: (() => void) | null = null;

  constructor(
    ports: Pick<RealtimePorts, "schedule">,
    send: (meetingId: MeetingId, chunks: TranscriptChunk[]) => void,
  ) {
    this.#ports = ports;
    this.#send = send;
  }

  /** Chunks of a meeting go out in the order in which they are published. */
  publish(meetingId: MeetingId, chunks: TranscriptChunk[]): void {
    const share = this.#shares.get(meetingId) ?? this.#begin(meetingId);
    // Two who speak at the same time are no burst: gathering pays only from several frames on.
    if (share.sent < bounds.transcriptFramesAtOnce) {
      share.sent += 1;
      this.#send(meetingId, chunks);
      return;
    }
    share.chunks.push(...chunks);
    if (share.chunks.length >= bounds.transcriptFrameMaxChunks) this.#flush(meetingId, share);
  }

  /** What is gathered for the meeting goes out now. */
  flush(meetingId: MeetingId): void {
    const share = this.#shares.get(meetingId);
    if (share !== undefined) this.#flush(meetingId, share);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    for (const [meetingId, share] of this.#shares) this.#flush(meetingId, share);
    this.#shares = new Map();
  }

  #begin(meetingId: MeetingId): Share {
    const share: Share = { sent: 0, chunks: [] };
    this.#shares.set(meetingId, share);
    this.#arm();
    return share;
  }

  #arm(): void {
    this.#cancel ??= this.#ports.schedule(bounds.transcriptWindowMs, () => {
      this.#cancel = null;
      this.#end();
    });
  }

  #end(): void {
    const ended = this.#shares;
    this.#shares = new Map();
    for (const [meetingId, share] of ended) {
      if (share.chunks.length === 0) continue;
      this.#flush(meetingId, share);
      // The burst goes on: what follows is gathered for another window.
      this.#shares.set(meetingId, share);
      this.#arm();
    }
  }

  #flush(meetingId: MeetingId, share: Share): void {
    const { chunks } = share;
    if (chunks.length === 0) return;
    share.chunks = [];
    this.#send(meetingId, chunks);
  }
}
