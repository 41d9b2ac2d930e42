// The jobs after a call: preparing the recap from the transcript, also anew when people allow something else or correct lines, and queueing its emails. All may be repeated.
import { createHash } from "node:crypto";
import { erasedText } from "../../../shared/erased.ts";
import { AppError } from "../../../shared/errors.ts";
import { insightIdSchema, type MeetingId, type UserId } from "../../../shared/ids.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { inTimeOrder } from "../../../shared/transcript/order.ts";
import { defineJob, type Jobs } from "../../jobs/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { ConversationReading, Language, ReadingMode } from "../../vendors/language/index.ts";
import type { ConsentLedger } from "../consent/index.ts";
import type { MailService } from "../mail/index.ts";
import type { MeetingRecord, MeetingsService } from "../meetings/index.ts";
import type { TranscriptsService } from "../transcripts/index.ts";
import type { UsersService } from "../users/index.ts";
import { groundFacts, type Facts } from "./citations.ts";
import type { InsightsRepository } from "./insights.repository.ts";
import { createRecapBasis } from "./recap-basis.ts";
import { createRecapLetters, speakersOf } from "./recap-letters.ts";
import { recommendationsFor } from "./recommendations.ts";
import { createRemaking, meetingPayloadSchema } from "./recap-remaking.ts";
import { segmentTranscript } from "./segmenter.ts";
import { stretchesOf } from "./talk-topics.ts";

export interface InsightsJobsParts {
  repository: InsightsRepository;
  clock: Clock;
  jobs: Jobs;
  meetings: Pick<MeetingsService, "record" | "nextTogether" | "calendarFor" | "overIn" | "reached">;
  users: Pick<UsersService, "byIds">;
  transcripts: Pick<TranscriptsService, "readAll" | "lastSequence" | "lastRevision" | "correctedAfter">;
  mail: Pick<MailService, "queue" | "guard" | "unsubscribeLink">;
  language: Language;
  /** Kept answers of a model that rest on words of this meeting. */
  forgetAnswers(meetingId: MeetingId): Promise<void>;
  consents: Pick<ConsentLedger, "answers">;
  bus: EventBus;
  logger: Logger;
  metrics: Metrics;
  publicUrl: () => string;
}

const retryWaitsMs = [2_000, 5_000, 15_000, 60_000, 300_000];
const retries = {
  maxAttempts: retryWaitsMs.length + 1,
  leaseMs: 60_000,
  backoffMs: (attempt: number) => retryWaitsMs[attempt - 1] ?? 0,
};
/** More chunks than a day of talk brings: beyond it something is wrong, and the recap says so instead of filling memory. */
const chunksMost = 200_000;

export type InsightsJobs = ReturnType<typeof createInsightsJobs>;

/** Registers its jobs with the queue, and what holds emails back with the outbox. */
export function createInsightsJobs(parts: InsightsJobsParts) {
  const { repository, clock, jobs, meetings, transcripts, mail, language, bus, logger } = parts;
  const { consents } = parts;
  const basis = createRecapBasis({
    repository,
    consents,
    transcripts,
    language,
    cannotBeMadeAnew: async (meetingId) => (await meetings.overIn(meetingId)).has("transcript"),
    orgOf: async (meetingId) => (await meetings.record(meetingId))?.orgId ?? null,
  });
  const letters = createRecapLetters(parts);
  const unsubscribe = (reader: UserId) => mail.unsubscribeLink("recap", reader);
  const remade = parts.metrics.counter(
    "recaps_remade_total",
    "Recaps made anew as people allowed something else than they were made from, or corrected lines",
  );

  const deliver = defineJob({
    name: "insights.deliver",
    payload: meetingPayloadSchema,
    ...retries,
    async run({ meetingId }, { signal }) {
      const record = await meetings.record(meetingId);
      const recap = await repository.recap(meetingId);
      if (record === null || recap?.delivery !== "queued") return;
      // Being made anew: that ends with these emails.
      if (!(await remaking.mayBeShown(recap))) return;
      for await (const { to, content, attachments } of letters.of(record, unsubscribe)) {
        signal.throwIfAborted();
        const mailId = await mail.queue({
          key: `recap/${meetingId}/${to.userId}`,
          edition: recap.edition,
          kind: "recap",
          meetingId,
          to,
          ...content,
          attachments,
        });
        await repository.setMail(meetingId, to.userId, mailId);
      }
      bus.publish("recap.changed", { meetingId });
    },
    onDead: async ({ meetingId }, code) => {
      logger.error({ meetingId, code }, "recap emails were not queued");
    },
  });

  const prepare = defineJob({
    name: "insights.prepare",
    payload: meetingPayloadSchema,
    ...retries,
    async run({ meetingId }, { signal }) {
      const record = await meetings.record(meetingId);
      if (record?.state !== "concluded") return;
      const over = await meetings.overIn(meetingId);
      if (over.has("recaps")) return;
      const before = await repository.recap(meetingId);
      const standing = before === null ? "unmade" : await basis.standing(before);
      // What it was made from is gone: it is held back, not made anew of nothing.
      if (before?.status === "ready" && standing === "stale" && over.has("transcript")) return;
      // Else a run after a crash that came between the last write and the job's completion, or somebody changed their
      // mind and back.
      if (before?.status !== "ready" || standing !== "current") {
        const anew = standing === "stale" || standing === "corrected";
        await repository.beginMaking(meetingId, { anew, now: clock.now() });
        bus.publish("recap.changed", { meetingId });
        if (anew) await parts.forgetAnswers(meetingId);
        const basedOn = await writeInsights(record, signal);
        const to = record.recapDelivery === "approval" ? "awaiting-approval" : "queued";
        await repository.moveDelivery(meetingId, { from: "not-sent", to, now: clock.now() });
        await repository.setMade(meetingId, { ...basedOn, now: clock.now() });
        if (anew) remade.inc({});
        bus.publish("recap.changed", { meetingId });
      }
      // Also where it was ready: a crash may have come before, or emails may have been held back meanwhile.
      const made = await repository.recap(meetingId);
      if (made?.delivery === "queued") await enqueueDelivery(meetingId);
    },
    async onDead({ meetingId }, code) {
      await repository.setStatus(meetingId, { status: "failed", problem: problemOf(code), now: clock.now() });
      bus.publish("recap.changed", { meetingId });
    },
  });

  /** What it was made from. Who has left the meeting meanwhile has still said what they said. */
  async function writeInsights(
    record: MeetingRecord,
    signal: AbortSignal,
  ): Promise<{ withheld: UserId[]; mode: ReadingMode; revision: number }> {
    const meetingId = record.id;
    // Before the lines: one that comes meanwhile has it made once more, whether or not it is in them already.
    const revision = await transcripts.lastRevision(meetingId);
    const chunks = await wholeTranscript(meetingId);
    signal.throwIfAborted();
    const startedMs = clock.monotonicMs();
    // Written down first: whoever changes their answer from here on finds this recap by it.
    await repository.setSpeakers(meetingId, [...speakersIn(chunks)], clock.now());
    const subject = { meetingId, orgId: record.orgId };
    const mode = await language.modeIn(subject);
    const withheld = await basis.withheldAmong(meetingId, speakersIn(chunks), mode);
    const readable = chunks.filter(
      ({ speakerId, text }) => !withheld.includes(speakerId) && text !== erasedText,
    );
    const reading = await language.read(readable, { hostIds: hostsOf(record), subject, signal });
    signal.throwIfAborted();
    if (reading.mode !== mode)
      throw new AppError("UNAVAILABLE", "What machines may read has changed meanwhile: it is read anew.");
    const people = record.participants.map(({ userId }) => userId);
    const mayRead = ({ speakerId, text }: TranscriptChunk) =>
      mode !== "off" && !withheld.includes(speakerId) && text !== erasedText;
    const segments = segmentTranscript(meetingId, chunks, {
      terms: reading.topics,
      stretches: mode === "off" ? [] : stretchesOf(chunks, mayRead),
      mayRead,
    });
    const facts = withCounts(
      reading,
      groundFacts(reading, { meetingId, chunks: readable, segments, people }),
    );
    const talking = speakersOf(record);
    const now = clock.now();
    await repository.replaceSegments(meetingId, segments, now);
    await repository.replaceActions(
      meetingId,
      facts.actions.map((action) => ({
        ...action,
        meetingId,
        meetingTitle: record.title,
        visibleTo: record.recapDelivery === "approval" ? hostsOf(record) : speakersOf(record),
        createdAt: record.endedAt ?? now,
      })),
      now,
    );
    for (const userId of people) {
      await repository.putInsight(
        {
          id: insightIdOf(meetingId, userId),
          meetingId,
          userId,
          outcome: facts.outcome,
          summary: facts.summary,
          decisions: facts.decisions,
          actionItemIds: ownFirst(facts, userId),
          recommendations: talking.includes(userId) ? recommendationsFor(userId, facts, hostsOf(record)) : [],
          links: facts.links,
          topics: facts.topics,
          generatedBy: reading.generatedBy,
          missing: missingOf(facts, {
            mode,
            notes: reading.notes ?? [],
            chunks: chunks.length,
            withheld: withheld.length,
          }),
          createdAt: now,
        },
        now,
      );
    }
    await assertNobodyErased(meetingId, chunks);
    logger.info(
      {
        meetingId,
        chunks: chunks.length,
        segments: segments.length,
        actions: facts.actions.length,
        droppedStatements: facts.droppedStatements,
        droppedCitations: facts.droppedCitations,
        ms: Math.round(clock.monotonicMs() - startedMs),
      },
      "recap prepared",
    );
    return { withheld, mode, revision };
  }

  /**
   * After all is written: whose lines are erased later on is erased from it, too. Whose were erased before has it made anew,
   * which leaves nothing of this.
   */
  async function assertNobodyErased(meetingId: MeetingId, read: readonly TranscriptChunk[]): Promise<void> {
    if (erasedIn(await wholeTranscript(meetingId)) === erasedIn(read)) return;
    await parts.forgetAnswers(meetingId);
    throw new AppError("UNAVAILABLE", "Somebody was deleted meanwhile: what is left is read anew.");
  }

  /** In the order in which it was said. Throws UNAVAILABLE, to be tried again, where what was acknowledged cannot be read completely yet. */
  async function wholeTranscript(meetingId: MeetingId): Promise<TranscriptChunk[]> {
    const expected = await transcripts.lastSequence(meetingId);
    const chunks: TranscriptChunk[] = [];
    for await (const page of transcripts.readAll(meetingId)) {
      chunks.push(...page);
      if (chunks.length > chunksMost)
        throw new AppError("PAYLOAD_TOO_LARGE", "The transcript is too long for a recap.");
    }
    const complete = chunks.every(({ sequence }, index) => sequence === index + 1);
    if (!complete || chunks.length < expected)
      throw new AppError("UNAVAILABLE", "The transcript is not complete yet: the recap will be tried again.");
    return [...inTimeOrder(chunks)];
  }

  function enqueueDelivery(meetingId: MeetingId): Promise<void> {
    return jobs.rerun(deliver, { meetingId }, { key: meetingId });
  }

  jobs.register(prepare);
  jobs.register(deliver);
  const remaking = createRemaking({ ...parts, basis, prepare, retries });
  return { prepare, enqueueDelivery, remaking, letters };
}

export function hostsOf({ participants }: MeetingRecord): UserId[] {
  return participants.filter(({ role }) => role === "host").map(({ userId }) => userId);
}

/** With what the provider has left out by itself. */
function withCounts({ dropped = {}, leftOver = 0 }: ConversationReading, facts: Facts): Facts {
  const before = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  return {
    ...facts,
    droppedStatements: facts.droppedStatements + before,
    leftOver: facts.leftOver + leftOver,
  };
}

function ownFirst({ actions }: Facts, userId: UserId) {
  const own = actions.filter(({ ownerId }) => ownerId === userId);
  const others = actions.filter(({ ownerId }) => ownerId !== userId);
  return [...own, ...others].map(({ id }) => id);
}

function erasedIn(chunks: readonly TranscriptChunk[]): number {
  return chunks.filter(({ text }) => text === erasedText).length;
}

function speakersIn(chunks: readonly TranscriptChunk[]): Set<UserId> {
  return new Set(chunks.map(({ speakerId }) => speakerId));
}

function missingOf(
  { droppedStatements, leftOver }: Facts,
  how: { mode: ReadingMode; notes: readonly string[]; chunks: number; withheld: number },
): string[] {
  const { mode, notes, chunks, withheld } = how;
  const missing: string[] = [...notes];
  if (chunks === 0)
    missing.push("Nothing was transcribed in this call, so there is nothing to take a recap from.");
  if (mode === "off" && chunks > 0)
    missing.push("Machines are switched off for this meeting: none has read what was said in it.");
  else if (withheld > 0)
    missing.push(
      `What ${withheld === 1 ? "1 person" : `${withheld} people`} said was left out: without their consent no machine reads it.`,
    );
  if (droppedStatements > 0)
    missing.push(`${statements(droppedStatements)} left out because the transcript does not carry it.`);
  if (leftOver > 0) missing.push(`${statements(leftOver)} left out to keep this page short.`);
  return missing;
}

function statements(count: number): string {
  return count === 1 ? "1 statement was" : `${count} statements were`;
}

function problemOf(code: string): string {
  return code === "PAYLOAD_TOO_LARGE"
    ? "The transcript is longer than a recap can be made from."
    : `Preparing it failed several times (${code}).`;
}

function insightIdOf(meetingId: MeetingId, userId: UserId) {
  const digest = createHash("sha256").update(`insight/${meetingId}/${userId}`).digest("hex");
  return insightIdSchema.parse(digest.slice(0, 24));
}
