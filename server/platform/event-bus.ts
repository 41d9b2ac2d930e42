// Domain events: published by a service after its write is durable, subscribed to in composition only.
import type { MailId, MeetingId, OrgId, UserId } from "../../shared/ids.ts";
import type { Prompt } from "../../shared/schemas/prompts.ts";
import type { RetentionKind } from "../../shared/schemas/retention.ts";
import type { Correction } from "../../shared/schemas/transcript-corrections.ts";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import type { Logger } from "./logger.ts";

export interface DomainEvents {
  "meeting.changed": {
    meetingId: MeetingId;
    change: "created" | "updated" | "started" | "ended" | "cancelled";
    at: Date;
    actorId: UserId | null;
  };
  "participant.changed": {
    meetingId: MeetingId;
    userId: UserId;
    change: "added" | "removed" | "role" | "presence";
    actorId: UserId | null;
  };
  /** Speaking statistics, lull or topics moved. */
  "state.changed": { meetingId: MeetingId };
  "transcript.appended": { meetingId: MeetingId; chunks: TranscriptChunk[] };
  /** In order of revision. */
  "transcript.edited": { meetingId: MeetingId; correction: Correction };
  "notes.changed": { meetingId: MeetingId; layer: "shared" | "mine"; version: number };
  /** Somebody's words were taken out of a document: what was built or loaded of it before must not be served. */
  "notes.erased": { documentId: string; meetingId: MeetingId };
  /** Somebody's words were taken out of the meeting, everywhere: what is kept in memory of it must go. */
  "words.erased": { meetingId: MeetingId };
  /** One kind of what was kept of the meeting is gone, as its term was over. */
  "meeting.pruned": { meetingId: MeetingId; kind: RetentionKind };
  /** What is over will be deleted: whatever a process still holds of old words must go. */
  "retention.begins": Record<string, never>;
  /** Of a chat: whatever still holds its words must let go of them. */
  "message.deleted": { meetingId: MeetingId };
  "prompt.created": { meetingId: MeetingId; prompt: Prompt };
  "prompt.changed": { meetingId: MeetingId };
  "recap.changed": { meetingId: MeetingId };
  /** Of one of the meeting's people; each asks for their own. */
  "rating.changed": { meetingId: MeetingId };
  /** Of one or all of its coaches; each asks for their own. */
  "review.changed": { meetingId: MeetingId };
  /** Of the person's career runs; its owner asks again. */
  "career-run.changed": { runId: string; userId: UserId };
  "mail.changed": { mailId: MailId; toEmail: string; userId: UserId | null };
  /** `meetingId` is null where it is the person's default, for every meeting in which they have not said otherwise. */
  "consent.changed": { userId: UserId; meetingId: MeetingId | null };
  /** Somebody has switched machines on or off: for a meeting, or (null) for an organisation. */
  "ai.changed": { meetingId: MeetingId | null };
  "session.ended": { sessionId: string };
  "flag.changed": { key: string };
  /** The session is in another organisation now: what it holds open was opened in the one before. */
  "session.moved": { sessionId: string };
  /** What is known of people or of their places in organisations has changed. */
  "people.changed": { workosUserId: string | null };
  /** What somebody tells of themselves. */
  "profile.changed": { userId: UserId };
  /** How two people stand to each other. */
  "connection.changed": { userIds: readonly [UserId, UserId] };
  /** What these people see of the matching queue. */
  "matching.changed": { userIds: readonly UserId[] };
  "api-key.revoked": { apiKeyId: string };
  /** A person may not be here any more, or not in this organisation; null: nobody may be in it. */
  "person.ended": { userId: UserId | null; orgId: OrgId | null };
}

export type DomainEventName = keyof DomainEvents;

export interface EventBus {
  /** Delivers in order of publication to every subscriber; a subscriber that throws harms nobody else. */
  publish<Name extends DomainEventName>(name: Name, event: DomainEvents[Name]): void;
  subscribe<Name extends DomainEventName>(name: Name, run: (event: DomainEvents[Name]) => void): () => void;
}

/** The bus of a single process: synchronous calls. */
export function createMemoryBus(logger: Logger): EventBus {
  const subscribers = new Map<DomainEventName, Set<(event: never) => void>>();
  return {
    publish(name, event) {
      for (const run of subscribers.get(name) ?? []) {
        try {
          run(event as never);
        } catch (error) {
          logger.error({ event: name, error: error as Error }, "event subscriber failed");
        }
      }
    },
    subscribe(name, run) {
      const set = subscribers.get(name) ?? new Set();
      subscribers.set(name, set);
      set.add(run as (event: never) => void);
      return () => void set.delete(run as (event: never) => void);
    },
  };
}
