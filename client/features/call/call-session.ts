// Keeps the call's state in step with the server: joins at every connection, fills gaps, sends what people write.
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type {
  CallPeer,
  ClientEventAck,
  ClientEventInput,
  ClientEventName,
  ServerEventName,
  ServerEventPayload,
} from "../../../shared/protocol/socket-events.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import type { ChangeMessage, Message, MessagePage } from "../../../shared/schemas/messages.ts";
import type { Correction } from "../../../shared/schemas/transcript-corrections.ts";
import type { TranscriptPage, TranscriptSource } from "../../../shared/schemas/transcripts.ts";
import { toApiError } from "../../api/errors.ts";
import { isMissingMessages, type PendingMessage } from "./chat-log.ts";
import { type CallEvent, type CallState, initialCallState, reduceCall } from "./call-state.ts";
import { OutboundLines } from "./outbound-lines.ts";
import { missesCorrections, missingFrom } from "./transcript-log.ts";

/** What the session needs of the page's connection; tests bring their own. */
export interface CallTransport {
  emit<Name extends ClientEventName>(
    name: Name,
    input: ClientEventInput<Name>,
  ): Promise<ClientEventAck<Name>>;
  onServerEvent<Name extends ServerEventName>(
    name: Name,
    listener: (payload: ServerEventPayload<Name>) => void,
  ): () => void;
  /** At every connection, and at once where there is one. */
  onConnected(listener: () => void): () => void;
  onConnection(listener: (connected: boolean) => void): () => void;
  readTranscript(query: { fromSequence: number; limit: number }): Promise<TranscriptPage>;
  readMessages(query: { fromSequence: number; limit: number }): Promise<MessagePage>;
  /** Runs once after `delayMs`; returns the cancellation. */
  schedule(delayMs: number, run: () => void): () => void;
  newKey(): string;
  now(): Date;
}

export interface SpokenLine {
  text: string;
  confidence: number;
  startMs: number;
  endMs: number;
  source: TranscriptSource;
}

export interface CallSession {
  getState(): CallState;
  subscribe(listener: () => void): () => void;
  /** False where too many lines wait already. */
  addLine(line: SpokenLine): boolean;
  readonly outbound: OutboundLines;
  /** One's own correction, as it was answered. */
  takeCorrection(correction: Correction): void;
  sendMessage(message: Draft): void;
  retryMessage(clientKey: string): void;
  /** Resolves when it is durable; it is shown when its turn comes. Rejects with an `ApiError`. */
  changeMessage(messageId: Message["id"], change: ChangeMessage["change"]): Promise<void>;
  /** The video connection tells where it stands, as peers are part of the call's state. */
  entered(peerId: string, peers: CallPeer[]): void;
  /** The meeting as a REST answer brought it, e.g. after one's own ending of it. */
  takeMeeting(meeting: Meeting): void;
  close(): void;
}

/** What a person has written, and the files it brings. */
export type Draft = Pick<PendingMessage, "content" | "parentId" | "attachments">;

const retryAfterMs = 2_500;

export function createCallSession(meetingId: MeetingId, transport: CallTransport): CallSession {
  let state = initialCallState;
  let closed = false;
  let cancelRetry = () => {};
  const listeners = new Set<() => void>();
  const travelling = new Set<string>();
  const reading = { transcript: false, corrections: false, chat: false };

  const dispatch = (event: CallEvent) => {
    const next = reduceCall(state, event);
    if (closed || next === state) return;
    state = next;
    for (const listener of listeners) listener();
  };

  const outbound = new OutboundLines({
    send: (chunks) => transport.emit("transcript:append", { meetingId, chunks }),
    later: (run, delayMs) => void transport.schedule(delayMs, run),
    random: Math.random,
  });

  const retryLater = () => {
    cancelRetry();
    cancelRetry = transport.schedule(retryAfterMs, () => void join());
  };

  async function join(): Promise<void> {
    cancelRetry();
    const fromSequence = state.transcript.completeTo + 1;
    try {
      const ack = await transport.emit("meeting:join", { meetingId, fromSequence });
      dispatch({
        type: "joined",
        meeting: ack.meeting,
        participants: ack.participants,
        chunks: ack.chunks,
        fromSequence,
        lastSequence: ack.lastSequence,
      });
      takeRevision(ack.revision);
      void outbound.flush();
      deliverWaiting();
      void readMissing();
      void readMessages();
    } catch (thrown) {
      const error = toApiError(thrown);
      if (closed || error.code === "NETWORK") return;
      if (error.retryable) retryLater();
      else dispatch({ type: "refused", message: error.message });
    }
  }

  /** Reads on until nothing is missing. Stops at a failure: the next join or line starts it again. */
  async function readMissing(): Promise<void> {
    if (reading.transcript) return;
    reading.transcript = true;
    try {
      for (let from = missingFrom(state.transcript); from !== null && !closed;) {
        const page = await transport.readTranscript({
          fromSequence: from,
          limit: limits.transcriptPageMaxChunks,
        });
        dispatch({ type: "transcript-page", fromSequence: from, ...page });
        const next = missingFrom(state.transcript);
        // A page that brings nothing must not be asked for in a circle.
        from = next !== null && next > from ? next : null;
      }
    } catch {
      transport.schedule(retryAfterMs, () => {
        if (!closed && state.connected) void readMissing();
      });
    } finally {
      reading.transcript = false;
    }
  }

  /** What is known before anything was missed needs no reading. */
  function takeRevision(revision: number): void {
    const known = state.transcript.revision;
    if (known === null) dispatch({ type: "corrected-to", revision });
    else if (revision > known) {
      dispatch({ type: "revision-heard", revision });
      void readCorrected(revision);
    }
  }

  function takeCorrection(correction: Correction): void {
    dispatch({ type: "corrected", correction });
    if (missesCorrections(state.transcript)) void readCorrected(correction.revision);
  }

  /** Reads every line again until all corrections up to `wanted`, and those heard of meanwhile, are in them. */
  async function readCorrected(wanted: number): Promise<void> {
    if (reading.corrections) return;
    reading.corrections = true;
    try {
      for (let first = true; !closed && (first || missesCorrections(state.transcript)); first = false) {
        let revision: number | null = null;
        let from: number | null = 1;
        while (from !== null && !closed) {
          const page: TranscriptPage = await transport.readTranscript({
            fromSequence: from,
            limit: limits.transcriptPageMaxChunks,
          });
          revision ??= page.revision;
          dispatch({ type: "transcript-page", fromSequence: from, ...page });
          from =
            page.nextFromSequence !== null && page.nextFromSequence > from ? page.nextFromSequence : null;
        }
        const before = state.transcript.revision ?? 0;
        dispatch({ type: "corrected-to", revision: revision ?? 0 });
        // A server that is behind what was heard must not be asked in a circle.
        if ((state.transcript.revision ?? 0) <= before) throw new Error("nothing newer to read");
      }
    } catch {
      transport.schedule(retryAfterMs, () => {
        const behind = (state.transcript.revision ?? 0) < wanted || missesCorrections(state.transcript);
        if (!closed && state.connected && behind) void readCorrected(wanted);
      });
    } finally {
      reading.corrections = false;
    }
  }

  async function readMessages(): Promise<void> {
    if (reading.chat) return;
    reading.chat = true;
    try {
      for (let from: number | null = state.chat.completeTo + 1; from !== null && !closed;) {
        const { joins } = state;
        const page: MessagePage = await transport.readMessages({
          fromSequence: from,
          limit: limits.pageMaxItems,
        });
        dispatch({ type: "message-page", page });
        const before: number = from;
        // What was heard of meanwhile may lie beyond it, as what was written during a break that came after the question.
        const isOld = state.joins > joins;
        const goesOn = page.nextFromSequence !== null || isMissingMessages(state.chat) || isOld;
        from = goesOn ? state.chat.completeTo + 1 : null;
        // A server that is behind must not be asked in a circle.
        if (from !== null && from <= before && !isOld) throw new Error("nothing newer to read");
      }
    } catch {
      transport.schedule(retryAfterMs, () => {
        if (!closed && state.connected) void readMessages();
      });
    } finally {
      reading.chat = false;
    }
  }

  async function deliver(clientKey: string, { content, parentId, attachments }: Draft): Promise<void> {
    const at = transport.now().toISOString();
    dispatch({ type: "chat-pending", clientKey, content, parentId, attachments, at });
    travelling.add(clientKey);
    try {
      const { sequence } = await transport.emit("chat:send", {
        meetingId,
        clientKey,
        content,
        ...(parentId === null ? {} : { parentId }),
        ...(attachments.length === 0 ? {} : { attachments: attachments.map(({ id }) => id) }),
      });
      dispatch({ type: "chat-accepted", clientKey, sequence });
    } catch (thrown) {
      const error = toApiError(thrown);
      // Without a connection it waits: the next join sends it again under the same key.
      if (error.code !== "NETWORK") dispatch({ type: "chat-failed", clientKey, problem: error.message });
    } finally {
      travelling.delete(clientKey);
    }
  }

  function deliverWaiting(): void {
    for (const message of state.chat.pending) {
      const { clientKey, sequence, problem } = message;
      if (sequence === null && problem === null && !travelling.has(clientKey)) {
        void deliver(clientKey, message);
      }
    }
  }

  const removals = [
    transport.onConnection((connected) => dispatch({ type: "connection", connected })),
    transport.onServerEvent("transcript:chunks", (event) => {
      if (event.meetingId !== meetingId) return;
      dispatch({ type: "chunks", chunks: event.chunks });
      if (missingFrom(state.transcript) !== null) void readMissing();
    }),
    transport.onServerEvent("transcript:corrected", (event) => {
      if (event.meetingId === meetingId) takeCorrection(event.correction);
    }),
    transport.onServerEvent("chat:message", (event) => {
      if (event.meetingId !== meetingId) return;
      dispatch({ type: "messages", messages: [event.message] });
      if (isMissingMessages(state.chat)) void readMessages();
    }),
    transport.onServerEvent("chat:changed", (event) => {
      if (event.meetingId !== meetingId) return;
      dispatch({ type: "message-changed", change: event.change });
      if (isMissingMessages(state.chat)) void readMessages();
    }),
    transport.onServerEvent("participant:changed", (event) => {
      if (event.meetingId === meetingId) {
        dispatch({ type: "participants", participants: event.participants });
      }
    }),
    transport.onServerEvent("meeting:state", (event) => {
      if (event.meetingId === meetingId) {
        dispatch({ type: "meeting", meeting: event.meeting });
      }
    }),
    transport.onServerEvent("access:revoked", (event) => {
      if (event.meetingId === meetingId) dispatch({ type: "revoked", reason: event.reason });
    }),
    transport.onServerEvent("call:peers", (event) => {
      if (event.meetingId === meetingId) dispatch({ type: "peers", peers: event.peers });
    }),
    transport.onConnected(() => void join()),
  ];

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    outbound,
    takeCorrection,
    addLine: (line) => outbound.add({ clientKey: transport.newKey(), ...line }),
    sendMessage: (message) => void deliver(transport.newKey(), message),
    retryMessage(clientKey) {
      const waiting = state.chat.pending.find((message) => message.clientKey === clientKey);
      if (waiting !== undefined) void deliver(clientKey, waiting);
    },
    async changeMessage(messageId, change) {
      try {
        await transport.emit("chat:change", { meetingId, messageId, clientKey: transport.newKey(), change });
      } catch (thrown) {
        throw toApiError(thrown);
      }
    },
    entered: (peerId, peers) => dispatch({ type: "entered", peerId, peers }),
    takeMeeting: (meeting) => dispatch({ type: "meeting", meeting }),
    close() {
      closed = true;
      cancelRetry();
      outbound.close();
      listeners.clear();
      for (const remove of removals) remove();
      transport.emit("meeting:leave", { meetingId }).catch(() => undefined);
    },
  };
}
