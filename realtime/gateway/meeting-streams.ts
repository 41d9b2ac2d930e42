// The transcript and the chat of each meeting that has people here: followed from where they are when the first one comes.
import type { MeetingId } from "../../shared/ids.ts";
import type { Message, MessageChange } from "../../shared/schemas/messages.ts";
import type { Correction } from "../../shared/schemas/transcript-corrections.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import type { RealtimePorts } from "../ports.ts";

type Follow = Awaited<ReturnType<RealtimePorts["messages"]["follow"]>>;

export interface MeetingStreamsOptions {
  ports: Pick<RealtimePorts, "transcripts" | "messages">;
  onChunks(meetingId: MeetingId, chunks: TranscriptChunk[]): void;
  onCorrection(meetingId: MeetingId, correction: Correction): void;
  onMessage(meetingId: MeetingId, message: Message): void;
  onMessageChanged(meetingId: MeetingId, change: MessageChange): void;
}

export class MeetingStreams {
  readonly #options: MeetingStreamsOptions;
  readonly #follows = new Map<MeetingId, Promise<Follow[]>>();

  constructor(options: MeetingStreamsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#follows.size;
  }

  /** When it resolves, everything that becomes durable in the meeting is delivered, whichever process it came to. */
  async open(meetingId: MeetingId): Promise<void> {
    let follows = this.#follows.get(meetingId);
    if (follows === undefined) {
      follows = this.#follow(meetingId);
      this.#follows.set(meetingId, follows);
    }
    try {
      await follows;
    } catch (error) {
      if (this.#follows.get(meetingId) === follows) this.#follows.delete(meetingId);
      throw error;
    }
  }

  close(meetingId: MeetingId): void {
    const follows = this.#follows.get(meetingId);
    this.#follows.delete(meetingId);
    follows?.then(
      (opened) => opened.forEach((follow) => follow.close()),
      () => undefined,
    );
  }

  stop(): void {
    for (const meetingId of [...this.#follows.keys()]) this.close(meetingId);
  }

  async #follow(meetingId: MeetingId): Promise<Follow[]> {
    const { ports, onChunks, onCorrection, onMessage, onMessageChanged } = this.#options;
    const opening = [
      ports.transcripts.follow(meetingId, {
        deliver: (chunks) => onChunks(meetingId, chunks),
        corrected: (correction) => onCorrection(meetingId, correction),
      }),
      ports.messages.follow(meetingId, {
        deliver(messages) {
          for (const message of messages) onMessage(meetingId, message);
        },
        changed: (change) => onMessageChanged(meetingId, change),
      }),
    ];
    try {
      return await Promise.all(opening);
    } catch (error) {
      // Neither without the other.
      for (const one of await Promise.allSettled(opening)) if (one.status === "fulfilled") one.value.close();
      throw error;
    }
  }
}
