// Every query that the application makes, by its services or its repositories, on a test store.
import { createJobStore } from "../../server/jobs/job-store.mongo.ts";
import { makeMailQueries } from "./mail-queries.ts";
import { makeAuditQueries, makeFlagQueries } from "./guarantee-queries.ts";
import { createConsentRepository } from "../../server/modules/consent/index.ts";
import { createInsightsRepository } from "../../server/modules/insights/insights.repository.mongo.ts";
import { createMongoNotesRepository } from "../../server/modules/notes/notes.repository.mongo.ts";
import { createMongoTemplatesRepository } from "../../server/modules/notes/notes.templates.repository.mongo.ts";
import { createMongoRevisionsRepository } from "../../server/modules/notes/notes.revisions.repository.mongo.ts";
import type { Revision } from "../../server/modules/notes/notes.revisions.ts";
import { createObjectivesRepository } from "../../server/modules/objectives/objectives.repository.mongo.ts";
import { createPromptsRepository } from "../../server/modules/prompts/prompts.repository.mongo.ts";
import { countWeek } from "../../server/modules/overview/overview.count.ts";
import { createOverviewRepository } from "../../server/modules/overview/overview.repository.mongo.ts";
import { createReviewsRepository } from "../../server/modules/feedback/reviews.repository.mongo.ts";
import { createRatingsRepository } from "../../server/modules/ratings/ratings.repository.mongo.ts";
import { createMongoCorrectionsRepository } from "../../server/modules/transcripts/corrections.repository.mongo.ts";
import { createMongoTranscriptsRepository } from "../../server/modules/transcripts/transcripts.repository.mongo.ts";
import { systemIds } from "../../server/platform/ids.ts";
import { createMongoClusterStore } from "../../server/platform/cluster/cluster-store.mongo.ts";
import { documentId as journalDocumentId, formerTerm } from "../../server/platform/journal/journal-store.ts";
import { createMongoJournalStore } from "../../server/platform/journal/journal-store.mongo.ts";
import { createIdempotencyStore } from "../../server/transport/http/idempotency.mongo.ts";
import { createRateLimitStore } from "../../server/transport/http/rate-limits.mongo.ts";
import { planSeriesSchema } from "../../shared/schemas/series.ts";
import { wordingText } from "../../shared/consent-wording.ts";
import type {
  ActionItemId,
  InsightId,
  MailId,
  MeetingId,
  PromptId,
  SegmentId,
  NotesTemplateId,
  OrgId,
  UserId,
} from "../../shared/ids.ts";
import { makeAiQueries, makePassagesQueries } from "./ai-queries.ts";
import { makeCareerQueries } from "./career-queries.ts";
import { makeChatQueries } from "./chat-queries.ts";
import { makeErasureQueries } from "./erasure-queries.ts";
import { makeFileQueries } from "./file-queries.ts";
import { makeExportQueries } from "./export-queries.ts";
import { identities } from "./every-identity-query.ts";
import { makePeopleQueries } from "./people-queries.ts";
import { makeCareerRunQueries } from "./career-run-queries.ts";
import { makeCareerPostingQueries } from "./career-posting-queries.ts";
import { makePlanQueries } from "./plan-queries.ts";
import { makeMatchingQueries } from "./matching-queries.ts";
import { makePairingQueries } from "./pairing-queries.ts";
import { openMeetings, type MeetingsWorld } from "./meetings.ts";
import type { TestStore } from "./store.ts";
import { testCipher } from "./cipher.ts";

const now = new Date("2026-02-01T09:00:00Z");
const later = new Date("2026-02-02T09:00:00Z");
const meetingId = systemIds.objectId() as MeetingId;
const userId = systemIds.objectId() as UserId;

/** Opens what empties its collections first, which is no query of the application. */
export const openWorld = openMeetings;

export async function makeEveryQuery(store: TestStore, world: MeetingsWorld): Promise<void> {
  await planAndHoldMeetings(store, world);
  await live(store);
  await recaps(store);
  await around(store);
  await makeFileQueries(connectionOf(store), { meetingId, userId, now });
  await makeMatchingQueries(connectionOf(store), now);
  await makeCareerPostingQueries(connectionOf(store), { userId, now });
  await makePairingQueries(connectionOf(store), now);
  await makeCareerRunQueries(connectionOf(store), { userId, now });
  await makeErasureQueries(connectionOf(store), now);
  await makeExportQueries(connectionOf(store), now);
}

// A process compiles its models once; here the parts follow each other on one store.
function connectionOf(store: TestStore) {
  return store.connection.useDb(store.connection.name, { useCache: false });
}

async function planAndHoldMeetings(store: TestStore, world: MeetingsWorld): Promise<void> {
  const meetings = await world.reopen();
  const [ann, ben] = [await world.actorOf("ann"), await world.actorOf("ben")];
  const created: MeetingId[] = [];
  for (let n = 0; n < 3; n += 1) {
    const { id } = await world.create(ann, {
      scheduledAt: "2026-02-01T09:00:00Z",
      participants: [{ email: ben.email, role: "host" }],
    });
    created.push(id);
  }
  for (const id of created) {
    await meetings.update(ann, id, { title: "Renamed" });
    await meetings.invite(ann, id, { email: "cleo@example.org", role: "participant" });
    await meetings.changeRole(ann, id, ben.userId, "participant");
    await meetings.changeRole(ann, id, ben.userId, "host");
    await meetings.join(ben, id, "here");
    await meetings.leave(ben, id, "here");
    await meetings.forgetSeenBy("elsewhere");
  }
  const [first, second] = created;
  if (first === undefined || second === undefined) throw new Error("no meetings");
  await meetings.remove(ann, first, ben.userId);
  await meetings.start(ann, first);
  await meetings.patchLiveStates([{ meetingId: first, patch: { topics: ["goals"] } }]);
  await meetings.end(ann, first);
  await meetings.cancel(ann, second);
  await meetings.invitationFile(ann, second);
  const series = {
    every: "weekly",
    count: 2,
    scheduledAt: "2026-02-03T09:00:00Z",
    durationMinutes: 30,
  } as const;
  await world.scheduling.series.plan(
    ann,
    planSeriesSchema.parse({
      title: "Series",
      timeZone: "UTC",
      participants: [{ email: ben.email }],
      ...series,
    }),
  );
  await meetings.overview(ann);
  await meetings.nextTogether([ann.userId, ben.userId], world.clock.now(), null);
  await meetings.heldTogether(ann.userId, [ben.userId], { orgId: null, limit: 10 });
  await meetings.running();
  await meetings.recentlyConcluded();
  await meetings.record(first);
  const orgId = "org_1" as OrgId;
  await world.create({ ...ann, orgId }, { scheduledAt: now.toISOString() });
  await meetings.attended(orgId, { from: now, to: later });
  for await (const _planned of meetings.planned({ from: now, to: later })) break;
  const page = await meetings.list(ann, { limit: 1 });
  await meetings.list(ann, { limit: 1, cursor: page.nextCursor ?? undefined });
  const mails = await world.mail.list(ben, { limit: 1 });
  await world.mail.list(ben, { limit: 1, cursor: mails.nextCursor ?? undefined });
  await world.mailsOf(ben);
  await world.reopen();
  await world.close();

  await makeAiQueries(connectionOf(store), { meetingId: first, orgId, userId: ann.userId });

  const jobs = await createJobStore(connectionOf(store));
  await jobs.insert({ name: "a", key: "k", payload: "{}", runAt: now, now });
  const job = await jobs.claim({ names: ["a"], leaseToken: "t", now, leaseUntil: later });
  await jobs.renew(job?.id ?? "", "t", later);
  await jobs.bury(job?.id ?? "", "t", { code: "X", now });
  await jobs.complete(job?.id ?? "", "t", now);
  await jobs.revive("a", "k", { runAt: now, now });
  await jobs.askAgain("a", "k", now);
  await jobs.exists("a", "k");
  await jobs.count("dead");
  await jobs.purgeDone(now);
  await makeMailQueries(connectionOf(store), ben, now);
}

async function live(store: TestStore): Promise<void> {
  const connection = connectionOf(store);
  const transcripts = await createMongoTranscriptsRepository(connection);
  await transcripts.lastSequence(meetingId);
  await transcripts.read(meetingId, 1, 10);
  await transcripts.findByClientKeys(meetingId, ["k"]);

  const corrections = await createMongoCorrectionsRepository(connection);
  await corrections.lastRevision(meetingId);
  await corrections.read(meetingId, 1, 10);
  await corrections.concerning(meetingId, 1, 10);
  await corrections.findByClientKeys(meetingId, ["k"]);
  await corrections.insert(meetingId, [
    {
      revision: 1,
      authorId: userId,
      clientKey: "k",
      createdAt: now,
      content: { kind: "text", sequence: 1, text: "Hello" },
    },
  ]);

  await makeChatQueries(connection, { meetingId, userId });

  const notes = await createMongoNotesRepository(connection);
  const documentId = `notes/${meetingId}/shared`;
  await notes.lastSequence(documentId);
  for await (const page of notes.updatesAfter(documentId, 0)) void page;
  await notes.bytesAfter(documentId, 0);
  await notes.findByKeys(documentId, ["k"]);
  await notes.head(documentId);
  await notes.snapshot(documentId);
  await notes.snapshotsUntil(documentId, 1);
  await notes.lastKeptSequence(documentId);
  const state = { bytes: Buffer.from("state"), at: now, keep: false };
  const snapshot = await notes.writeSnapshot(documentId, { sequence: 2, ...state });
  await notes.writeSnapshot(documentId, { sequence: 1, ...state });
  if (snapshot !== null) await notes.readSnapshot(snapshot);
  await notes.writeContent(documentId, { content: "", text: "", version: 1, updatedAt: now });

  const templates = await createMongoTemplatesRepository(connection);
  const templateId = systemIds.objectId() as NotesTemplateId;
  const content = { title: "t", preview: "p", update: Buffer.from("update"), createdAt: now };
  await templates.add({ id: templateId, ownerId: userId, orgId: null, ...content });
  await templates.ofPerson(userId, null);
  await templates.find(templateId);
  await templates.remove(templateId, userId);

  const revisions = await createMongoRevisionsRepository(connection);
  const revision: Revision = {
    firstSequence: 1,
    lastSequence: 2,
    startedAt: now,
    endedAt: now,
    authors: [{ userId, edits: 1 }],
    edits: 1,
    insertedChars: 1,
    deletedChars: 0,
    kind: "edit",
    restoredVersion: null,
  };
  await revisions.write([{ documentId, revision }]);
  await revisions.last(documentId);
  await revisions.page(documentId, { before: 3, limit: 10 });

  const prompts = await createPromptsRepository(connection);
  const promptId = systemIds.objectId() as PromptId;
  await prompts.insert({
    id: promptId,
    meetingId,
    type: "incall",
    content: "What else?",
    reason: "It went quiet.",
    trigger: "lull",
    tags: [],
    relevance: 1,
    atMs: 0,
    afterSequence: 0,
    expiresAt: null,
    usedAt: null,
    feedback: null,
    generatedBy: "rules",
    createdAt: now,
  });
  await prompts.page(meetingId, { limit: 1, before: null });
  await prompts.page(meetingId, { limit: 1, before: promptId });
  await prompts.setFeedback(meetingId, promptId, { feedback: "used", by: userId, usedAt: now, now });
  await prompts.answersOf(userId, { except: meetingId, limit: 5 });

  const journal = await createMongoJournalStore(connection);
  const [term, next] = [systemIds.objectId(), systemIds.objectId()];
  const flush = { id: journalDocumentId(term, 0), term, at: now, entries: [] };
  await journal.insert(flush);
  await journal.insert(flush);
  await journal.settle(flush);
  await journal.fence(term, { by: next, at: now });
  for (const each of [formerTerm, term]) for await (const page of journal.scan(each)) void page;
  await journal.remove([flush.id]);
  await journal.forget(term);

  const cluster = await createMongoClusterStore(connection);
  const node = { host: "h", pid: 1, beats: 0, alone: false, state: "open" } as const;
  for (const each of [term, next]) await cluster.enter({ term: each, ...node }, now);
  await cluster.beat(term, now);
  await cluster.end(term, { alone: false });
  await cluster.unclosed();
  await cluster.claim(meetingId, await cluster.owner(meetingId), term);
  await cluster.claim(meetingId, await cluster.owner(meetingId), next);
  for (const each of [term, next]) await cluster.close(each, now);
  for (const each of await cluster.closedBefore(new Date(now.getTime() + 1))) await cluster.forget(each);
}

async function recaps(store: TestStore): Promise<void> {
  const repository = await createInsightsRepository(connectionOf(store));
  await repository.begin(meetingId, now);
  await repository.recap(meetingId);
  await repository.setStatus(meetingId, { status: "ready", problem: null, now });
  await repository.beginMaking(meetingId, { anew: true, now });
  await repository.setSpeakers(meetingId, [userId], now);
  await repository.setMade(meetingId, { withheld: [userId], mode: "rules", revision: 0, now });
  await repository.citedSpeakers(meetingId);
  await makePassagesQueries(connectionOf(store), meetingId);
  await repository.spokenIn(userId, { after: null, limit: 10 });
  await repository.spokenIn(userId, { after: meetingId, limit: 10 });
  await repository.moveDelivery(meetingId, { from: "not-sent", to: "queued", now });
  await repository.moveDelivery(meetingId, { from: "not-sent", to: "queued", edition: 1, now });
  const segment = {
    id: systemIds.objectId() as SegmentId,
    meetingId,
    startMs: 0,
    endMs: 1_000,
    firstSequence: 1,
    lastSequence: 2,
    speakers: [userId],
    text: "I will send the guide.",
    stretch: 0,
    topics: [],
    keyTerms: [],
    sentiment: null,
  };
  await repository.putSegments([segment], [systemIds.objectId() as SegmentId], now);
  await repository.forgetReading(meetingId, now);
  await repository.replaceSegments(meetingId, [segment], now);
  await repository.replaceSegments(meetingId, [], now);
  await repository.segments(meetingId, { afterSequence: 0, limit: 10 });
  await repository.segmentAt(meetingId, 1);
  const action = {
    id: systemIds.objectId() as ActionItemId,
    meetingId,
    meetingTitle: "A call",
    text: "Send the guide",
    ownerId: userId,
    dueText: null,
    citations: [],
    visibleTo: [userId],
    createdAt: now,
  };
  await repository.replaceActions(meetingId, [action], now);
  await repository.actions(meetingId);
  await repository.commitmentsOf([meetingId]);
  await repository.changeAction(meetingId, action.id, { done: true, by: userId, now });
  await repository.showActionsTo(meetingId, [userId], now);
  await repository.openActions(userId, { limit: 10 });
  await repository.openActions(userId, { of: [meetingId], limit: 10 });
  await repository.replaceActions(meetingId, [], now);
  await repository.putInsight(
    {
      id: systemIds.objectId() as InsightId,
      meetingId,
      userId,
      outcome: null,
      summary: [],
      decisions: [],
      actionItemIds: [],
      recommendations: [],
      links: [],
      topics: [],
      generatedBy: "rules",
      missing: [],
      createdAt: now,
    },
    now,
  );
  await repository.insight(meetingId, userId);
  await repository.setMail(meetingId, userId, systemIds.objectId() as MailId);
}

async function around(store: TestStore): Promise<void> {
  const connection = connectionOf(store);
  await makePeopleQueries(connection, { userId, now });
  await makePlanQueries(connection, { userId, now });

  await identities(connection, userId);

  const objectives = await createObjectivesRepository(connection);
  await objectives.add({ name: "api-latency", at: now, good: 1, total: 2 });
  await objectives.since(now);

  const ratings = await createRatingsRepository(connection);
  await ratings.put(meetingId, userId, { score: 4, comment: null, updatedAt: now });
  await ratings.find(meetingId, userId);
  await ratings.scoresOf([meetingId]);
  await ratings.remove(meetingId, userId);

  const reviews = await createReviewsRepository(connection);
  await reviews.put({
    meetingId,
    userId,
    startedAt: now,
    rules: "1",
    speakers: [userId],
    withheld: [],
    lastSequence: 1,
    revision: 0,
    figures: null,
    problem: null,
    madeAt: now,
  });
  await reviews.find(meetingId, userId);
  await reviews.hasAny(meetingId);
  await reviews.newest(userId, 5);
  await reviews.spokenIn(userId, { after: null, limit: 5 });
  await reviews.spokenIn(userId, { after: meetingId, limit: 5 });

  const overview = await createOverviewRepository(connection);
  const orgId = "org_1" as OrgId;
  await overview.keep(orgId, { kind: "week", from: now, to: later, counted: countWeek([]) }, later);
  await overview.since(orgId, now);
  await overview.forget(orgId);

  const consents = await createConsentRepository(connection);
  const decision = {
    userId,
    scope: meetingId,
    number: 1,
    purpose: "ai",
    answer: "given",
    wording: 1,
    sessionId: "session_1",
    at: now,
  } as const;
  await consents.keepWordings([{ purpose: "ai", number: 1, text: wordingText("ai", 1) ?? "" }]);
  await consents.append(decision);
  await consents.settle(decision);
  await consents.settle({ ...decision, number: 2 });
  await consents.decision(userId, meetingId, 1);
  await consents.standing(userId, meetingId);
  await consents.standings(meetingId, [userId]);
  await consents.page(userId, { limit: 10, before: null });
  await consents.page(userId, { limit: 10, before: { at: now, id: "x" } });

  const keys = await createIdempotencyStore(connection, testCipher);
  await keys.claim("key", { requestHash: "h", userId, lockedUntil: later, now });
  await keys.claim("key", { requestHash: "h", userId, lockedUntil: later, now });
  await keys.takeOver("key", later, later);
  await keys.finish("key", { status: 200, body: "{}" });
  await keys.release("key");
  await (
    await createRateLimitStore(connection)
  ).add([{ id: "window", amount: 1, endsAtMs: later.getTime() }]);
  await makeAuditQueries(connection, { meetingId, userId, now, later });
  await makeFlagQueries(connection, { userId, now });
  await makeCareerQueries(connection, { userId, now, later });
}
