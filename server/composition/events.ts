// Who hears of what: the one place where domain events meet their consequences.
import type { Realtime } from "../../realtime/index.ts";
import type { MeetingId, UserId } from "../../shared/ids.ts";
import type { RetentionKind } from "../../shared/schemas/retention.ts";
import type { FeedbackService } from "../modules/feedback/index.ts";
import type { FlagsService } from "../modules/flags/index.ts";
import type { InsightsService } from "../modules/insights/index.ts";
import type { MeetingRecord, MeetingsService } from "../modules/meetings/index.ts";
import type { PassagesService } from "../modules/passages/index.ts";
import type { PromptsService } from "../modules/prompts/index.ts";
import type { UsersService } from "../modules/users/index.ts";
import type { EventBus } from "../platform/event-bus.ts";
import type { Journal } from "../platform/journal/index.ts";
import type { Logger } from "../platform/logger.ts";

interface Parts {
  bus: EventBus;
  realtime: Realtime;
  journal: Journal;
  logger: Logger;
  meetings: MeetingsService;
  prompts: PromptsService;
  insights: InsightsService;
  feedback: FeedbackService;
  passages: Pick<PassagesService, "reconsider">;
  flags: FlagsService;
  users: Pick<UsersService, "byIds">;
}

/** What is asked again where a kind is gone. Chat is read once, when it is opened. */
const prunedTopics: Record<
  RetentionKind,
  readonly ("transcript" | "state" | "notes" | "prompts" | "recap" | "review" | "rating")[]
> = {
  transcript: ["transcript", "state"],
  chat: [],
  notes: ["notes"],
  prompts: ["prompts"],
  recaps: ["recap"],
  reviews: ["review"],
  ratings: ["rating"],
};

export function connectEvents(parts: Parts): void {
  const { bus, realtime, journal, logger, meetings, prompts, insights, feedback, passages } = parts;

  // Consequences run beside the request that caused them; their failure is logged, never lost silently.
  const later = (event: string, work: Promise<unknown>) => {
    work.catch((error: unknown) =>
      logger.error({ event, error: error as Error }, "event consequence failed"),
    );
  };
  const withRecord = async (meetingId: MeetingId, run: (record: MeetingRecord) => unknown) => {
    const record = await meetings.record(meetingId);
    if (record !== null) await run(record);
  };
  const tellPeople = (record: MeetingRecord, also: UserId[] = []) => {
    for (const userId of new Set([...record.participants.map((person) => person.userId), ...also])) {
      realtime.invalidate(`user:${userId}`);
    }
  };

  bus.subscribe("meeting.changed", ({ meetingId, change }) => {
    realtime.publishMeeting(meetingId);
    realtime.invalidate(`meeting:${meetingId}`);
    later(
      "meeting.changed",
      withRecord(meetingId, async (record) => {
        tellPeople(record);
        if (change === "started" && record.startedAt !== null) {
          prompts.watch(meetingId, record.startedAt);
          insights.live.watch(meetingId);
        }
        if (change === "ended") {
          prompts.unwatch(meetingId);
          await insights.live.unwatch(meetingId);
          // The recap is made from the transcript's collection: what is still only in the journal moves there first.
          await journal.materialise(`transcript/${meetingId}`);
          await journal.materialise(`transcript-edits/${meetingId}`);
          await insights.prepare(meetingId);
          await feedback.prepare(meetingId);
        }
      }),
    );
  });
  bus.subscribe("participant.changed", ({ meetingId, userId, change }) => {
    realtime.publishMeeting(meetingId);
    // Who comes and goes changes nothing of what else is shown.
    realtime.invalidate(change === "presence" ? `presence:${meetingId}` : `meeting:${meetingId}`);
    if (change === "removed" || change === "role")
      later("participant.changed", realtime.recheckAccess(meetingId, userId));
    if (change !== "presence") {
      later(
        "participant.changed",
        withRecord(meetingId, (record) => tellPeople(record, [userId])),
      );
    }
  });
  bus.subscribe("state.changed", ({ meetingId }) => realtime.invalidate(`state:${meetingId}`));
  bus.subscribe("transcript.appended", ({ meetingId, chunks }) => {
    prompts.observe(meetingId, chunks);
    insights.live.observe(meetingId, chunks);
  });
  bus.subscribe("transcript.edited", ({ meetingId }) => {
    realtime.invalidate(`transcript:${meetingId}`);
    insights.live.reread(meetingId);
    later("transcript.edited", feedback.linesChanged(meetingId));
    later("transcript.edited", insights.linesChanged(meetingId));
  });
  bus.subscribe("notes.changed", ({ meetingId, layer }) => {
    if (layer === "shared") realtime.invalidate(`notes:${meetingId}`);
  });
  bus.subscribe("prompt.created", ({ meetingId, prompt }) => {
    realtime.invalidate(`prompts:${meetingId}`);
    later(
      "prompt.created",
      withRecord(meetingId, (record) => {
        const hosts = record.participants
          .filter((person) => person.role === "host")
          .map((person) => person.userId);
        realtime.publishPrompt(meetingId, prompt, hosts);
      }),
    );
  });
  bus.subscribe("prompt.changed", ({ meetingId }) => realtime.invalidate(`prompts:${meetingId}`));
  bus.subscribe("recap.changed", ({ meetingId }) => {
    realtime.invalidate(`recap:${meetingId}`);
    later(
      "recap.changed",
      withRecord(meetingId, (record) => tellPeople(record)),
    );
    later("recap.changed", passages.reconsider(meetingId));
  });
  bus.subscribe("rating.changed", ({ meetingId }) => realtime.invalidate(`rating:${meetingId}`));
  bus.subscribe("review.changed", ({ meetingId }) => realtime.invalidate(`review:${meetingId}`));
  bus.subscribe("career-run.changed", ({ userId }) => realtime.invalidate(`career-runs:${userId}`));
  bus.subscribe("mail.changed", ({ userId }) => {
    if (userId !== null) realtime.invalidate(`user:${userId}`);
  });
  bus.subscribe("consent.changed", ({ userId, meetingId }) => {
    const concern = async (one: MeetingId) => {
      realtime.invalidate(`consents:${one}`);
      // Whoever only observes may not see any more, or may see again.
      realtime.invalidate(`meeting:${one}`);
      realtime.invalidate(`recap:${one}`);
      const record = await meetings.record(one);
      const observers = record?.participants.filter(({ role }) => role === "observer") ?? [];
      await Promise.all(observers.map((observer) => realtime.recheckAccess(one, observer.userId)));
    };
    later(
      "consent.changed",
      meetingId === null
        ? meetings.placesOf(userId).then((places) => Promise.all(places.map(concern)))
        : concern(meetingId),
    );
    later("consent.changed", insights.reconsider({ userId, meetingId }));
    later("consent.changed", feedback.reconsider({ userId, meetingId }));
  });
  bus.subscribe("ai.changed", ({ meetingId }) => {
    if (meetingId !== null) later("ai.changed", passages.reconsider(meetingId));
  });
  bus.subscribe("notes.erased", ({ documentId }) => realtime.reloadNotes(documentId));
  bus.subscribe("words.erased", ({ meetingId }) => {
    for (const topic of ["meeting", "state", "transcript", "notes", "prompts", "recap", "review"] as const)
      realtime.invalidate(`${topic}:${meetingId}`);
    realtime.publishMeeting(meetingId);
    // This process's newest document of the journal may hold their last words.
    later("words.erased", journal.rollOver());
    later("words.erased", feedback.linesChanged(meetingId));
    later("words.erased", passages.reconsider(meetingId));
    later(
      "words.erased",
      withRecord(meetingId, (record) => {
        tellPeople(record);
        // What was heard is forgotten: a running meeting is watched from here on.
        prompts.unwatch(meetingId);
        insights.live.reread(meetingId);
        if (record.state === "active" && record.startedAt !== null)
          prompts.watch(meetingId, record.startedAt);
      }),
    );
  });
  bus.subscribe("meeting.pruned", ({ meetingId, kind }) => {
    for (const topic of prunedTopics[kind]) realtime.invalidate(`${topic}:${meetingId}`);
    if (kind === "recaps")
      later(
        "meeting.pruned",
        withRecord(meetingId, (record) => tellPeople(record)),
      );
  });
  // As with erased words: this process's newest document of the journal may hold it.
  bus.subscribe("message.deleted", () => later("message.deleted", journal.rollOver()));
  bus.subscribe("retention.begins", () => later("retention.begins", journal.rollOver()));
  bus.subscribe("flag.changed", () =>
    later(
      "flag.changed",
      parts.flags.settled().then(() => realtime.invalidate("flags:all")),
    ),
  );
  bus.subscribe("connection.changed", ({ userIds }) => {
    for (const userId of userIds) realtime.invalidate(`user:${userId}`);
  });
  bus.subscribe("profile.changed", ({ userId }) => realtime.invalidate(`user:${userId}`));
  bus.subscribe("person.ended", ({ userId, orgId }) => {
    if (orgId !== null) return realtime.invalidate(`members:${orgId}`);
    if (userId === null) return;
    later(
      "person.ended",
      parts.users.byIds([userId]).then(([person]) => {
        if (person !== undefined && person.orgId !== null) realtime.invalidate(`members:${person.orgId}`);
      }),
    );
  });
  bus.subscribe("session.ended", ({ sessionId }) => realtime.endSession(sessionId));
  bus.subscribe("session.moved", ({ sessionId }) => realtime.moveSession(sessionId));
  bus.subscribe("person.ended", (whom) => realtime.endPeople(whom));
}
