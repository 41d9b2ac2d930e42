// Everything a page knows of a running call, as one value and the events that change it; no effects in here.
import type { CallPeer } from "../../../shared/protocol/socket-events.ts";
import type { Meeting, Participant } from "../../../shared/schemas/meetings.ts";
import type { Message, MessageChange, MessagePage } from "../../../shared/schemas/messages.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import {
  addPending,
  type ChatState,
  confirmPending,
  emptyChat,
  failPending,
  mergeChange,
  mergeMessagePage,
  mergeMessages,
  type PendingMessage,
} from "./chat-log.ts";
import type { Correction } from "../../../shared/schemas/transcript-corrections.ts";
import {
  correctedTo,
  emptyTranscript,
  heardOfRevision,
  mergeChunks,
  mergeCorrection,
  mergePage,
  type TranscriptLog,
} from "./transcript-log.ts";

export type CallPhase =
  | { kind: "joining" }
  | { kind: "joined" }
  /** The server said no, or does not answer in a way that trying again would help. */
  | { kind: "refused"; message: string }
  | { kind: "over"; how: "ended" | "cancelled" | "revoked"; message: string | null };

export interface CallState {
  phase: CallPhase;
  /** The socket carries; while it does not, what is shown may be old and what is sent waits. */
  connected: boolean;
  /** Counts joins: a second one means that the call was re-entered after a break. */
  joins: number;
  meeting: Meeting | null;
  transcript: TranscriptLog;
  chat: ChatState;
  /** Browser tabs in the call, one's own among them. */
  peers: readonly CallPeer[];
  myPeerId: string | null;
}

export type CallEvent =
  | { type: "connection"; connected: boolean }
  | {
      type: "joined";
      meeting: Meeting;
      participants: Participant[];
      chunks: TranscriptChunk[];
      fromSequence: number;
      lastSequence: number;
    }
  | { type: "refused"; message: string }
  | { type: "revoked"; reason: string }
  | { type: "meeting"; meeting: Meeting }
  | { type: "participants"; participants: Participant[] }
  | { type: "chunks"; chunks: TranscriptChunk[] }
  | {
      type: "transcript-page";
      fromSequence: number;
      chunks: TranscriptChunk[];
      nextFromSequence: number | null;
      lastSequence: number;
    }
  | { type: "corrected"; correction: Correction }
  /** There are corrections up to this one. */
  | { type: "revision-heard"; revision: number }
  /** All lines have been read with every correction up to this one. */
  | { type: "corrected-to"; revision: number }
  | { type: "messages"; messages: Message[] }
  | { type: "message-changed"; change: MessageChange }
  | { type: "message-page"; page: MessagePage }
  | ({ type: "chat-pending" } & Pick<
      PendingMessage,
      "clientKey" | "content" | "parentId" | "attachments" | "at"
    >)
  | { type: "chat-accepted"; clientKey: string; sequence: number }
  | { type: "chat-failed"; clientKey: string; problem: string }
  | { type: "entered"; peerId: string; peers: CallPeer[] }
  | { type: "peers"; peers: CallPeer[] };

export const initialCallState: CallState = {
  phase: { kind: "joining" },
  connected: false,
  joins: 0,
  meeting: null,
  transcript: emptyTranscript,
  chat: emptyChat,
  peers: [],
  myPeerId: null,
};

/** Events that arrive twice, late or out of order leave the same state as once and in order. */
export function reduceCall(state: CallState, event: CallEvent): CallState {
  switch (event.type) {
    case "connection":
      return state.connected === event.connected ? state : { ...state, connected: event.connected };
    case "joined": {
      const joined = withMeeting(
        {
          ...state,
          connected: true,
          joins: state.joins + 1,
          phase: { kind: "joined" },
          transcript: mergePage(state.transcript, {
            fromSequence: event.fromSequence,
            chunks: event.chunks,
            nextFromSequence: nextAfter(event.chunks, event.fromSequence, event.lastSequence),
            lastSequence: event.lastSequence,
          }),
        },
        event.meeting,
      );
      return withParticipants(joined, event.participants);
    }
    case "refused":
      return isOver(state) ? state : { ...state, phase: { kind: "refused", message: event.message } };
    case "revoked":
      return { ...state, phase: { kind: "over", how: "revoked", message: event.reason }, peers: [] };
    case "meeting":
      return withMeeting(state, event.meeting);
    case "participants":
      return withParticipants(state, event.participants);
    case "chunks":
      return { ...state, transcript: mergeChunks(state.transcript, event.chunks) };
    case "transcript-page":
      return { ...state, transcript: mergePage(state.transcript, event) };
    case "corrected":
      return { ...state, transcript: mergeCorrection(state.transcript, event.correction) };
    case "revision-heard":
      return { ...state, transcript: heardOfRevision(state.transcript, event.revision) };
    case "corrected-to":
      return { ...state, transcript: correctedTo(state.transcript, event.revision) };
    case "messages":
      return { ...state, chat: mergeMessages(state.chat, event.messages) };
    case "message-changed":
      return { ...state, chat: mergeChange(state.chat, event.change) };
    case "message-page":
      return { ...state, chat: mergeMessagePage(state.chat, event.page) };
    case "chat-pending":
      return { ...state, chat: addPending(state.chat, event) };
    case "chat-accepted":
      return { ...state, chat: confirmPending(state.chat, event.clientKey, event.sequence) };
    case "chat-failed":
      return { ...state, chat: failPending(state.chat, event.clientKey, event.problem) };
    case "entered":
      return { ...state, myPeerId: event.peerId, peers: event.peers };
    case "peers":
      return { ...state, peers: event.peers };
  }
}

/** Names by person: of who is invited, and of who is in the call without being listed yet. */
export function namesOf(state: Pick<CallState, "meeting" | "peers">): Record<string, string> {
  return Object.fromEntries([
    ...state.peers.map((peer) => [peer.userId, peer.displayName]),
    ...(state.meeting?.participants ?? []).map((person) => [person.userId, person.displayName]),
  ]) as Record<string, string>;
}

function isOver(state: CallState): boolean {
  return state.phase.kind === "over";
}

// The meeting's end is the call's end for everybody, however the news arrives.
function withMeeting(state: CallState, meeting: Meeting): CallState {
  const next = { ...state, meeting };
  if (isOver(state)) return next;
  if (meeting.state === "concluded") return { ...next, phase: { kind: "over", how: "ended", message: null } };
  if (meeting.state === "cancelled") {
    return { ...next, phase: { kind: "over", how: "cancelled", message: null } };
  }
  return next;
}

function withParticipants(state: CallState, participants: Participant[]): CallState {
  return state.meeting === null ? state : { ...state, meeting: { ...state.meeting, participants } };
}

// A join's ack holds the chunks from `fromSequence` on, perhaps not up to the end.
function nextAfter(chunks: TranscriptChunk[], fromSequence: number, lastSequence: number): number | null {
  const next = Math.max(fromSequence, (chunks.at(-1)?.sequence ?? fromSequence - 1) + 1);
  return next > lastSequence ? null : next;
}
