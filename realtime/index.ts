// The realtime core's sole entrance: sockets in, fan-out out.
import type { Server } from "node:http";
import type { MeetingId, OrgId, UserId } from "../shared/ids.ts";
import type { Topic } from "../shared/protocol/live-queries.ts";
import type { Prompt } from "../shared/schemas/prompts.ts";

export { createRealtime } from "./server.ts";
export type { LiveQuery, Origin, RealtimeOptions, RealtimePorts } from "./ports.ts";

export interface Realtime {
  /** Attaches Socket.IO and the notes WebSocket to an HTTP server; before it listens. */
  attach(server: Server): void;
  /** To the sockets of these people in the meeting alone. */
  publishPrompt(meetingId: MeetingId, prompt: Prompt, userIds: UserId[]): void;
  /** Meeting, participants or state moved: each socket gets its own view. */
  publishMeeting(meetingId: MeetingId): void;
  /** Part of the meeting's live state moved, which is the same for everybody who may see it. */
  /** A person's place or role changed: every stream of theirs in the meeting is checked again, closed or downgraded. */
  recheckAccess(meetingId: MeetingId, userId: UserId): Promise<void>;
  /** Changes may have gone unheard: everybody's access is checked again. */
  recheckAll(): Promise<void>;
  /** The identity vendor's session is over: everything that carries it closes. */
  endSession(sessionId: string): void;
  /** Everything of these people closes: in one organisation where one is named, and everybody's where no person is. */
  endPeople(whom: { userId: UserId | null; orgId: OrgId | null }): void;
  /** Words were taken out of the document for good: everybody comes back to it as it is now. */
  reloadNotes(documentId: string): void;
  /** The session is in another organisation: what it has open comes back by itself, with its proof as it is now. */
  moveSession(sessionId: string): void;
  /** Something live queries depend on has changed. */
  invalidate(topic: Topic): void;
  /** Sockets, rooms, documents: for readiness and tests. */
  stats(): { sockets: number; notesConnections: number; openDocuments: number };
  /** Tells clients that it goes away, waits for unsaved work up to `graceMs`, closes everything. */
  stop(graceMs: number): Promise<void>;
}
