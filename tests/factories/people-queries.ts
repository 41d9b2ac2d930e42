// Every query about people: accounts, profiles, connections.
import mongoose from "mongoose";
import { createConnectionsRepository } from "../../server/modules/people/connections.repository.mongo.ts";
import { createCalendarsRepository } from "../../server/modules/scheduling/calendars.repository.mongo.ts";
import { createReminderMark } from "../../server/modules/scheduling/reminder-mark.mongo.ts";
import { createClaimsRepository } from "../../server/modules/scheduling/claims.repository.mongo.ts";
import { createProfilesRepository } from "../../server/modules/users/profiles.repository.mongo.ts";
import { createUsersRepository } from "../../server/modules/users/users.repository.mongo.ts";
import { systemIds } from "../../server/platform/ids.ts";
import type { MeetingId, UserId } from "../../shared/ids.ts";
import { testCipher } from "./cipher.ts";

export async function makePeopleQueries(
  connection: mongoose.Connection,
  { userId, now }: { userId: UserId; now: Date },
): Promise<void> {
  // From before profiles could be searched.
  await connection.getClient().db(connection.name).collection("profiles").insertOne({
    userId: new mongoose.Types.ObjectId(),
    displayName: "",
    nameSource: "email",
    interests: [],
    languages: [],
  });
  const profiles = await createProfilesRepository(connection, testCipher);
  const users = await createUsersRepository(connection, testCipher, profiles);
  await users.byWorkosIds(["user_1"]);
  await users.byWorkosId("user_1");
  await users.byEmail("nobody@example.org");
  await users.byIds([userId]);
  await users.changeAccount(userId, { orgRole: "admin" }, { now, whileLinkedTo: null });
  await users.changeAccount(userId, { orgRole: "admin" }, { now, whileLinkedTo: "user_1" });
  await users.changeProfile(userId, { displayName: "Ann" }, now);
  await profiles.change(userId, { displayName: "Ann Bell", workingHours: [], offers: ["Music"] }, now);
  await profiles.of([userId]);
  await profiles.search("ann", { limit: 1, after: null });
  await profiles.search("ann music", { limit: 1, after: userId });
  await users.erase(userId, now);
  await users.unlinkErased(userId);
  await users.byEmail("ann@example.org");

  const connections = await createConnectionsRepository(connection);
  const other = systemIds.objectId() as UserId;
  await connections.ask(userId, other, now);
  await connections.decline(other, userId, now);
  await connections.accept(other, userId, now);
  for (const kind of ["incoming", "outgoing", "connected", "blocked"] as const)
    await connections.ofKind(userId, kind, 10);
  await connections.end(userId, other, now);
  await connections.withdraw(userId, other, now);
  await connections.block(userId, other, now);
  await connections.pair(userId, other);
  const [pair] = await connections.pairs(userId, [other]);
  if (pair === undefined) throw new Error("the pair was not there");
  await connections.blockedAmong([[userId, other].sort().join("/")]);
  await connections.unblock(userId, other, now);

  const claims = await createClaimsRepository(connection);
  const claim = { userId, quarter: 1, token: "a", meetingId: null, claimedAt: now };
  await claims.take(claim);
  await claims.find(userId, 1);
  await claims.takeOver({ ...claim, token: "b" }, "a");
  await claims.settle("b", systemIds.objectId() as MeetingId);
  await claims.release("b");
  await claims.free(await claims.ofMeeting(systemIds.objectId() as MeetingId));
  await claims.free([claim]);

  const calendars = await createCalendarsRepository(connection, testCipher);
  await calendars.change(userId, { exceptions: [], reminders: [10] }, now);
  await calendars.setFeed(userId, { hash: "hash", orgId: null }, now);
  await calendars.byFeed("hash");
  await calendars.setFeed(userId, null, now);
  await calendars.setSource(userId, { address: "https://example.org/a.ics", token: "a" }, now);
  await calendars.due(now, 10);
  await calendars.takeReading(userId, "a", { busy: [], problem: null, dueAt: now }, now);
  await calendars.of([userId]);
  await calendars.setSource(userId, null, now);
  const mark = createReminderMark(connection);
  await mark.advance(now);
  await mark.get();
}
