// The sweep of what is over on a test store, and as a process of its own that a test can kill: `node retention-sweep.ts URI`.
import mongoose, { type Connection } from "mongoose";
import type { AuditEntry } from "../../server/modules/audit/index.ts";
import { createNotesErasureRepository } from "../../server/modules/notes/notes.erasure.repository.mongo.ts";
import type { KindDays } from "../../server/modules/retention/index.ts";
import { createRetainedMeetings } from "../../server/modules/retention/retention.meetings.mongo.ts";
import { createSweep, type Sweep } from "../../server/modules/retention/retention.sweep.ts";
import { FakeClock } from "../../server/platform/clock.ts";
import { createMemoryBus } from "../../server/platform/event-bus.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { retentionKinds } from "../../shared/schemas/retention.ts";

export const sweptAt = new Date("2026-06-01T12:00:00Z");
export const sweptAfterDays = 30;

/** Everything of every meeting for so many days; notes without their open documents. */
export function sweepOn(connection: Connection, entries: AuditEntry[] = []): Sweep {
  const notes = createNotesErasureRepository(connection);
  const days = Object.fromEntries(retentionKinds.map((kind) => [kind, sweptAfterDays])) as KindDays;
  return createSweep({
    retained: createRetainedMeetings(connection),
    policies: { allDays: async () => new Map([[null, days]]) },
    notes: {
      async removeOfMeeting(meetingId) {
        const documents = await notes.documentsOf(meetingId);
        for (const documentId of documents) await notes.removeDocument(documentId);
        return documents.length;
      },
    },
    files: { removeOfMeeting: () => Promise.resolve() },
    passages: { reconsider: () => Promise.resolve() },
    audit: { record: async (entry) => void entries.push(entry) },
    bus: createMemoryBus(silentLogger),
    clock: new FakeClock(sweptAt),
    logger: silentLogger,
  });
}

if (import.meta.main) {
  const connection = await mongoose
    .createConnection(process.argv[2] ?? "", { dbName: process.argv[3] ?? "" })
    .asPromise();
  await sweepOn(connection)(new AbortController().signal, {
    deleted: (kind) => console.log(kind),
    overdue: () => undefined,
  });
  await connection.close();
}
