// Every query of the deletion of a person, on documents that each of them finds something in.
import mongoose from "mongoose";
import { createDeletionsRepository } from "../../server/modules/deletion/deletion.repository.mongo.ts";
import { createAccountEraser } from "../../server/modules/deletion/erase-account.mongo.ts";
import { createMadeEraser } from "../../server/modules/deletion/erase-made.mongo.ts";
import { createMeetingsEraser } from "../../server/modules/deletion/erase-meetings.mongo.ts";
import { createTalkEraser } from "../../server/modules/deletion/erase-talk.mongo.ts";
import { createNotesErasureRepository } from "../../server/modules/notes/notes.erasure.repository.mongo.ts";
import type { MeetingId, UserId } from "../../shared/ids.ts";

import { testCipher } from "./cipher.ts";

const { Binary, ObjectId } = mongoose.mongo;
type Id = mongoose.mongo.ObjectId;

export async function makeErasureQueries(connection: mongoose.Connection, now: Date): Promise<void> {
  const [meeting, user, other] = [new ObjectId(), new ObjectId(), new ObjectId()];
  const meetingId = meeting.toHexString() as MeetingId;
  const userId = user.toHexString() as UserId;
  await insertSamples(connection, { meeting, user, other, now });

  const deletions = await createDeletionsRepository(connection);
  const request = { userId, requestedBy: "person", requestedAt: now, dueAt: now } as const;
  await deletions.request(request);
  await deletions.request(request);
  await deletions.cancel(userId);
  await deletions.request(request);
  await deletions.find(userId);
  await deletions.begin(userId, now);
  await deletions.stepDone(userId, "words");
  await deletions.unfinished();
  await deletions.finish(userId, now);

  const notes = createNotesErasureRepository(connection);
  const documentId = `notes/${meetingId}/shared`;
  for await (const page of notes.pages(documentId)) await notes.rewritePage(page, page.edits);
  // Twice at once: of two that replace it one takes its own back.
  for await (const state of notes.states(documentId))
    await Promise.all([notes.replaceState(documentId, state), notes.replaceState(documentId, state)]);
  await notes.forgetText(documentId);
  await notes.ownerOfTemplate(new ObjectId().toHexString());
  await notes.removeTemplatesOf(userId);

  const database = connection.getClient().db(connection.name);
  const chat = { meetingId: new ObjectId(meetingId), userId: new ObjectId(userId) };
  const answered = [{ emoji: "👍", userIds: [chat.userId] }];
  await database
    .collection("messages")
    .insertOne({ ...chat, sequence: 91, clientKey: "k91", content: "Hi", reactions: answered });
  await database
    .collection("messageChanges")
    .insertOne({ ...chat, sequence: 92, clientKey: "c92", kind: "reaction", on: true });
  await createTalkEraser(connection).erase(meetingId, userId);
  await createMadeEraser(connection).erase(meetingId, userId);
  const account = createAccountEraser(connection, testCipher);
  await account.removeMails(userId, [meetingId]);
  await account.removeAddress("ann@example.org");
  const flags = connection.getClient().db(connection.name).collection("featureFlags");
  await flags.insertOne({ environment: "e", key: "k", onForPeople: ["ann@example.org"], offForPeople: [] });
  await account.removeAddress("ann@example.org");
  await account.removeApiKeys(userId);
  await account.removeConnections(userId);
  await account.removeMatching(userId);
  await account.removeRatings(userId);
  await account.removeReviews(userId);
  await account.removeAnswers(userId);
  await account.removeOrigins(userId);
  const meetings = createMeetingsEraser(connection);
  await meetings.idsOf(userId, { after: null, limit: 10 });
  await meetings.idsOf(userId, { after: new ObjectId().toHexString() as MeetingId, limit: 10 });
  await meetings.place(meetingId, userId);
  await meetings.eraseTitle(meetingId, "Meeting");
  await meetings.removePlace(meetingId, userId);
  await meetings.removeMeeting(meetingId);
  await notes.removeDocument(documentId);
}

async function insertSamples(
  connection: mongoose.Connection,
  { meeting, user, other, now }: { meeting: Id; user: Id; other: Id; now: Date },
): Promise<void> {
  const insert = (name: string, document: Record<string, unknown>) =>
    connection.getClient().db(connection.name).collection(name).insertOne(document);
  const documentId = `notes/${meeting.toHexString()}/shared`;
  const line = { sequence: 1, authorId: user, speakerId: user, text: "Words", clientKey: "a" };
  await insert("meetings", { _id: meeting, organizerId: user, title: "T", state: "scheduled", hostCount: 2 });
  for (const userId of [user, other])
    await insert("meetingParticipants", { meetingId: meeting, userId, role: "host" });
  await insert("meetingState", { meetingId: meeting, topics: ["words"], speakingStats: [] });
  await insert("transcripts", { meetingId: meeting, sequence: 1, lastSequence: 1, chunks: [line] });
  await insert("transcriptCorrections", {
    meetingId: meeting,
    revision: 1,
    kind: "text",
    sequence: 1,
    text: "Words, corrected",
    authorId: user,
    clientKey: "b",
    createdAt: now,
  });
  await insert("transcriptSegments", {
    meetingId: meeting,
    firstSequence: 1,
    lastSequence: 1,
    speakers: [user],
    text: "Words",
    topics: [],
  });
  // Somebody else's, called by a word that only they have said.
  await insert("transcriptSegments", {
    meetingId: meeting,
    firstSequence: 2,
    lastSequence: 2,
    speakers: [other],
    text: "Others",
    topics: ["Words"],
  });
  await insert("messages", { meetingId: meeting, userId: user, content: "Hi", sequence: 1, clientKey: "c" });
  await insert("insights", {
    userId: other,
    meetingId: meeting,
    outcome: null,
    summary: [],
    decisions: [],
    actionItems: [],
    recommendations: [],
    links: [],
    topics: [],
  });
  for (const [position, ownerId] of [user, other].entries())
    await insert("actionItems", { meetingId: meeting, position, ownerId, citations: [], visibleTo: [user] });
  await insert("noteOps", {
    documentId,
    meetingId: meeting,
    sequence: 1,
    lastSequence: 1,
    bytes: 1,
    keys: [],
    operations: [{ sequence: 1, authorId: user, key: null, update: new Binary(new Uint8Array([0, 0])) }],
  });
  await insert("noteSnapshots", {
    snapshotId: new ObjectId(),
    documentId,
    sequence: 1,
    index: 0,
    chunks: 1,
    bytes: 2,
    kept: true,
    data: new Binary(new Uint8Array([0, 0])),
  });
}
