// One person in a benchmark's meeting: speaks, writes notes, and records what arrives and when.
import { io, type Socket } from "socket.io-client";
import type { MeetingId } from "../../shared/ids.ts";
import type { ClientEventAck, SocketError } from "../../shared/protocol/socket-events.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import { BenchNotesClient } from "./notes-client.ts";

export interface Recorder {
  /** Only what was sent while this is true counts for the latencies; losses count always. */
  measuring: boolean;
  /** When each chunk and word was sent, by its key. */
  sentAt: Map<string, number>;
  delivery: number[];
  acknowledgement: number[];
  notesDelivery: number[];
  notesDurable: number[];
  doubled: number;
  outOfOrder: number;
  refused: number;
  disconnects: number;
}

export class Person {
  readonly token: string;
  readonly meetingId: MeetingId;
  /** Keys whose append was acknowledged, with the sequence. */
  readonly acknowledged = new Map<string, number>();
  readonly heard = new Set<string>();
  readonly durableWords = new Set<string>();
  readonly seenWords = new Set<string>();
  readonly #name: string;
  readonly #recorder: Recorder;
  readonly #socket: Socket;
  #notes: BenchNotesClient | null = null;
  #spoken = 0;
  #written = 0;
  #unanswered = 0;
  #lastSequence = 0;
  #leaving = false;

  /** `name` is `<meeting>-<person>` in numbers. */
  constructor(options: {
    url: string;
    token: string;
    meetingId: MeetingId;
    name: string;
    recorder: Recorder;
  }) {
    this.token = options.token;
    this.meetingId = options.meetingId;
    this.#name = options.name;
    this.#recorder = options.recorder;
    this.#socket = io(options.url, {
      auth: { token: options.token },
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
    });
    this.#socket.on("transcript:chunks", ({ chunks }: { chunks: TranscriptChunk[] }) => this.#hear(chunks));
    this.#socket.on("disconnect", () => {
      if (!this.#leaving) this.#recorder.disconnects += 1;
    });
  }

  async join(url: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.once("connect", resolve);
      this.#socket.once("connect_error", reject);
    });
    const { meetingId, token } = this;
    const answer = (await this.#socket.timeout(30_000).emitWithAck("meeting:join", { meetingId })) as object;
    if ("error" in answer) throw new Error(`Joining was refused: ${JSON.stringify(answer)}`);
    this.#notes = await BenchNotesClient.open({
      url,
      token,
      meetingId,
      onWord: (word) => this.#see(word),
      onDurable: (word) => this.#durable(word),
    });
  }

  speak(): void {
    const clientKey = `${this.#name}-${(this.#spoken += 1)}`;
    const startMs = this.#spoken * 100;
    const text = "So what would a first small step look like for you this week?";
    const sentAt = performance.now();
    const { measuring } = this.#recorder;
    if (measuring) this.#recorder.sentAt.set(clientKey, sentAt);
    this.#unanswered += 1;
    const chunks = [{ clientKey, text, confidence: 0.9, startMs, endMs: startMs + 90, source: "typed" }];
    this.#socket.emit(
      "transcript:append",
      { meetingId: this.meetingId, chunks },
      (answer: ClientEventAck<"transcript:append"> | SocketError) => {
        this.#unanswered -= 1;
        if ("error" in answer) {
          this.#recorder.refused += 1;
          return;
        }
        this.acknowledged.set(clientKey, answer.firstSequence);
        if (measuring) this.#recorder.acknowledgement.push(performance.now() - sentAt);
      },
    );
  }

  write(): void {
    if (this.#notes?.isOpen !== true) return;
    const word = `${this.#name}-${(this.#written += 1)}`;
    if (this.#recorder.measuring) this.#recorder.sentAt.set(`n${word}`, performance.now());
    this.#notes.write(word);
  }

  get spoken(): number {
    return this.#spoken;
  }

  get written(): number {
    return this.#written;
  }

  /** Whether everything this person sent is answered. */
  get settled(): boolean {
    return this.#unanswered === 0 && this.durableWords.size === this.#written;
  }

  words(): Set<string> {
    return this.#notes?.words() ?? new Set();
  }

  leave(): void {
    this.#leaving = true;
    this.#socket.disconnect();
    this.#notes?.close();
  }

  #hear(chunks: TranscriptChunk[]): void {
    const now = performance.now();
    for (const { clientKey, sequence } of chunks) {
      if (this.heard.has(clientKey)) this.#recorder.doubled += 1;
      this.heard.add(clientKey);
      if (sequence <= this.#lastSequence) this.#recorder.outOfOrder += 1;
      this.#lastSequence = sequence;
      const sentAt = this.#recorder.sentAt.get(clientKey);
      if (sentAt !== undefined && !this.#isMine(clientKey)) this.#recorder.delivery.push(now - sentAt);
    }
  }

  #see(word: string): void {
    if (this.seenWords.has(word)) this.#recorder.doubled += 1;
    this.seenWords.add(word);
    const sentAt = this.#recorder.sentAt.get(`n${word}`);
    if (sentAt !== undefined && !this.#isMine(word)) {
      this.#recorder.notesDelivery.push(performance.now() - sentAt);
    }
  }

  #durable(word: string): void {
    this.durableWords.add(word);
    const sentAt = this.#recorder.sentAt.get(`n${word}`);
    if (sentAt !== undefined) this.#recorder.notesDurable.push(performance.now() - sentAt);
  }

  #isMine(key: string): boolean {
    return key.startsWith(`${this.#name}-`);
  }
}
