// What the realtime core needs of the rest of the house; composition provides it.
import type { IncomingMessage } from "node:http";
import type { Actor } from "../shared/actor.ts";
import type { MeetingId, MessageId, PromptId, UserId } from "../shared/ids.ts";
import type { LiveQueryName, Topic } from "../shared/protocol/live-queries.ts";
import type { Meeting, MeetingState } from "../shared/schemas/meetings.ts";
import type { ChangeMessage, Message, MessageChange, SendMessage } from "../shared/schemas/messages.ts";
import type { PromptFeedbackValue } from "../shared/schemas/prompts.ts";
import type { Correction } from "../shared/schemas/transcript-corrections.ts";
import type {
  AppendChunk,
  Appended,
  TranscriptChunk,
  TranscriptPage,
} from "../shared/schemas/transcripts.ts";

export interface NotesDocument {
  documentId: string;
  meetingId: MeetingId;
  layer: "shared" | "mine";
  mode: "write" | "read";
}

export interface FollowedUpdate {
  update: Uint8Array;
  origin: string | null;
}

export interface LiveQuery {
  name: LiveQueryName;
  /** Topics whose change makes the snapshot stale. */
  topics(actor: Actor, args: unknown): Topic[];
  /** Parses `args`, checks access, answers the snapshot. Runs again at every push. */
  run(actor: Actor, args: unknown): Promise<unknown>;
}

/** The other processes that serve the same meetings; each is named by its term. A process alone has no others. */
export interface Nodes {
  /** This process's own term; another one after it was taken for dead. */
  term(): string;
  others(): string[];
  /** The process that decides what only one can decide for the meeting. Rejects where that cannot be settled now. */
  owner(meetingId: MeetingId): Promise<string>;
  /** Rejects with what the other process threw, or where no answer came. Calls to one process keep their order. */
  call(term: string, method: string, args: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** What others may `call`; before the start. */
  serve(
    method: string,
    handler: (
      args: Record<string, unknown>,
      from: string,
    ) => Record<string, unknown> | Promise<Record<string, unknown>>,
  ): void;
  /** Nothing of that process is there any more. Also told of this process's own term. */
  onEnded(run: (term: string) => void): void;
}

/** Who asks, and from where. */
export interface Origin {
  actor: Actor;
  ipAddress: string | null;
  userAgent: string | null;
}

export interface RealtimePorts {
  /** How many sockets a call has room for, as whatever carries it allows. */
  callMaxPeers: number;
  /** The address behind the proxies that may say whom they speak for. */
  addressOf(request: IncomingMessage): string | null;
  /** Runs what one event or connection asks for, so that what is written down about it says who asked from where. */
  serving<Result>(origin: Origin, what: string, run: () => Promise<Result>): Promise<Result>;
  /** Limits over all sockets and processes of a person. */
  limits: {
    /** Counts a connection that is being opened. Throws RATE_LIMITED. */
    connecting(origin: Origin): Promise<void>;
    /** Counts a change of a chat message that is about to be made. Throws RATE_LIMITED. */
    changingMessage(actor: Actor): Promise<void>;
    /** Counts events that have come; the seconds for which no more are to be taken, null where that is not so. */
    sent(origin: Origin, events: number): Promise<number | null>;
  };
  /**
   * Runs `run`, or answers as the first run with the person's key did. Throws IDEMPOTENCY_MISMATCH where the key was used
   * for another request.
   */
  once<Result>(actor: Actor, key: string, request: unknown, run: () => Promise<Result>): Promise<Result>;
  /** Somebody was refused `action`, e.g. `chat.send`, in a meeting. */
  refused(origin: Origin, action: string, meetingId: MeetingId, code: string): void;
  /** Throws UNAUTHENTICATED. */
  authenticate(credentials: {
    token?: string | undefined;
    cookieHeader?: string | undefined;
  }): Promise<Actor>;
  meetings: {
    /** `seenBy` is the term under which this process sees the person: present is who is seen by any. */
    join(
      actor: Actor,
      meetingId: MeetingId,
      seenBy: string,
    ): Promise<{ meeting: Meeting; state: MeetingState }>;
    leave(actor: Actor, meetingId: MeetingId, seenBy: string): Promise<void>;
    /** Throws where the actor may not be in the call now. */
    authorizeCall(actor: Actor, meetingId: MeetingId): Promise<void>;
    /** True while the actor may receive what is shared in the meeting. */
    mayRead(actor: Actor, meetingId: MeetingId): Promise<boolean>;
    /**
     * The meeting as each of these people sees it; who may not see it is left out. Throws NOT_FOUND where it does not exist.
     */
    views(
      meetingId: MeetingId,
      readers: UserId[],
    ): Promise<Map<UserId, { meeting: Meeting; state: MeetingState }>>;
  };
  transcripts: {
    append(actor: Actor, meetingId: MeetingId, chunks: AppendChunk[]): Promise<Appended>;
    read(
      actor: Actor,
      meetingId: MeetingId,
      query: { fromSequence: number; limit: number },
    ): Promise<TranscriptPage>;
    /**
     * Delivers every chunk and every correction that becomes durable after the call, each once and in order, in
     * whichever process it was made; a chunk as the corrections before it have left it. Resolves when it does; rejects
     * where that cannot be promised now.
     */
    follow(
      meetingId: MeetingId,
      hear: { deliver(chunks: TranscriptChunk[]): void; corrected(correction: Correction): void },
    ): Promise<{ close(): void }>;
  };
  messages: {
    send(actor: Actor, meetingId: MeetingId, input: SendMessage): Promise<Message>;
    change(
      actor: Actor,
      meetingId: MeetingId,
      messageId: MessageId,
      input: ChangeMessage,
    ): Promise<MessageChange>;
    /** Delivers every message and change that becomes durable after the call, each once and in one order. */
    follow(
      meetingId: MeetingId,
      hear: { deliver(messages: Message[]): void; changed(change: MessageChange): void },
    ): Promise<{ close(): void }>;
  };
  prompts: {
    feedback(
      actor: Actor,
      meetingId: MeetingId,
      promptId: PromptId,
      value: PromptFeedbackValue,
    ): Promise<unknown>;
  };
  notes: {
    open(actor: Actor, meetingId: MeetingId, layer: "shared" | "mine"): Promise<NotesDocument>;
    load(documentId: string): Promise<{ updates: Uint8Array[]; sequence: number }>;
    /**
     * Resolves when the update is durable. `taken` is called before, where it is certain that what is appended to the
     * document from then on becomes durable after it or not at all; otherwise never.
     */
    append(
      documentId: string,
      edit: { authorId: UserId; update: Uint8Array; origin: string; taken(): void },
    ): Promise<{ sequence: number }>;
    /**
     * Delivers every durable update above `afterSequence`, each once and in order, whichever process and way it came
     * through; `origin` is the one given to `append`, null where it is not known. Never before it has returned.
     */
    follow(
      documentId: string,
      options: { afterSequence: number; deliver(updates: FollowedUpdate[]): void },
    ): { close(): void };
  };
  liveQueries: LiveQuery[];
  nodes: Nodes;
  /** Schedules once after `delayMs`; returns the cancellation. */
  schedule(delayMs: number, run: () => void): () => void;
  now(): Date;
  newId(): string;
  log(
    level: "debug" | "info" | "warn" | "error",
    event: string,
    fields: Record<string, string | number | boolean | Error>,
  ): void;
  /** Counts for metrics: names are fixed in `realtime/metrics.ts`. */
  count(name: string, by: number): void;
  gauge(name: string, value: number): void;
  observeSeconds(name: string, seconds: number): void;
}

export interface RealtimeOptions {
  /** Origins that browsers may connect from; requests without Origin (scripts) are let through with a token only. */
  allowedOrigins: string[];
}
