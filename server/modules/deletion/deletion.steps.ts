// The steps of a person's deletion, in their order: each may be begun again, and finds what is left to do.
import type { Actor } from "../../../shared/actor.ts";
import { erasedEmail, erasedName } from "../../../shared/erased.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId, OrgId, UserId } from "../../../shared/ids.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Journal } from "../../platform/journal/index.ts";
import type { IdentityDirectory } from "../../vendors/identity/index.ts";
import type { CareerArea } from "../career/index.ts";
import type { FilesService } from "../files/index.ts";
import type { ExportService } from "../export/index.ts";
import type { IdentityService } from "../identity/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { NotesService } from "../notes/index.ts";
import type { UsersService } from "../users/index.ts";
import type { AccountEraser } from "./erase-account.mongo.ts";
import type { MadeEraser } from "./erase-made.mongo.ts";
import type { MeetingsEraser, Place } from "./erase-meetings.mongo.ts";
import type { TalkEraser } from "./erase-talk.mongo.ts";

export interface StepParts {
  account: AccountEraser;
  meetingsEraser: MeetingsEraser;
  talk: TalkEraser;
  made: MadeEraser;
  users: UsersService;
  identity: Pick<IdentityService, "endPerson">;
  directory: Pick<IdentityDirectory, "deleteUser">;
  meetings: MeetingsService;
  notes: Pick<NotesService, "erase" | "eraseTemplates">;
  files: Pick<FilesService, "removeOfPerson" | "removeOfMeeting">;
  career: Pick<CareerArea, "removeOfPerson">;
  exports: Pick<ExportService, "removeOf">;
  journal: Journal;
  bus: EventBus;
  clock: Clock;
  /** Rewrites the store's files without what was removed; nothing where the store is not this program's own. */
  compactStore(): Promise<void>;
}

export interface Step {
  name: string;
  run(userId: UserId, signal: AbortSignal): Promise<void>;
}

const meetingsAtOnce = 50;
/** What a meeting is called whose planner was deleted. */
const erasedTitle = "Meeting";
const streamsOf = (meetingId: MeetingId) =>
  ["transcript", "transcript-edits", "chat"].map((kind) => `${kind}/${meetingId}`);

export function createDeletionSteps(parts: StepParts): readonly Step[] {
  const { account, meetingsEraser, talk, made, users, meetings, notes, journal, bus, clock } = parts;

  /** One after another, by pages: of many thousand meetings none need be in memory. */
  async function eachMeeting(
    userId: UserId,
    signal: AbortSignal,
    work: (place: Place) => Promise<void>,
  ): Promise<void> {
    let after: MeetingId | null = null;
    for (;;) {
      const page: MeetingId[] = await meetingsEraser.idsOf(userId, { after, limit: meetingsAtOnce });
      for (const meetingId of page) {
        signal.throwIfAborted();
        const place = await meetingsEraser.place(meetingId, userId);
        if (place !== null) await work(place);
      }
      after = page.at(-1) ?? null;
      if (after === null) return;
    }
  }

  async function eraseWords(userId: UserId, { meetingId, others }: Place): Promise<void> {
    for (const stream of streamsOf(meetingId)) await journal.materialise(stream);
    if (others === 0) return;
    await talk.erase(meetingId, userId);
    await made.erase(meetingId, userId);
    await notes.erase(meetingId, userId);
    bus.publish("words.erased", { meetingId });
  }

  async function settlePlace(userId: UserId, place: Place): Promise<void> {
    const { meetingId, others, isOrganizer, otherHosts, state } = place;
    if (others === 0) {
      await notes.erase(meetingId, userId);
      await parts.files.removeOfMeeting(meetingId);
      await meetingsEraser.removeMeeting(meetingId);
      bus.publish("words.erased", { meetingId });
      return;
    }
    if (isOrganizer) await meetingsEraser.eraseTitle(meetingId, erasedTitle);
    const isToCome = state === "scheduled" || state === "active";
    if (isToCome && place.role !== null && (place.role !== "host" || otherHosts > 0)) {
      await meetingsEraser.removePlace(meetingId, userId);
      bus.publish("participant.changed", { meetingId, userId, change: "removed", actorId: null });
    }
    bus.publish("words.erased", { meetingId });
  }

  /** Nobody else can: whoever was to come is told that the meeting is off. */
  async function closeMeeting(userId: UserId, place: Place): Promise<void> {
    if (place.role !== "host" || place.otherHosts > 0) return;
    const actor = nobody(userId, place.orgId, clock.now());
    if (place.state === "scheduled") await meetings.cancel(actor, place.meetingId);
    if (place.state === "active") await meetings.end(actor, place.meetingId);
  }

  return [
    {
      name: "close",
      async run(userId) {
        await users.close(userId);
        await parts.identity.endPerson(userId);
        await parts.exports.removeOf(userId);
        for (const apiKeyId of await account.removeApiKeys(userId))
          bus.publish("api-key.revoked", { apiKeyId });
      },
    },
    {
      name: "words",
      run: (userId, signal) => eachMeeting(userId, signal, (place) => eraseWords(userId, place)),
    },
    {
      name: "meetings",
      async run(userId, signal) {
        await eachMeeting(userId, signal, async ({ meetingId }) => {
          await account.removeMails(userId, [meetingId]);
        });
        await eachMeeting(userId, signal, (place) => settlePlace(userId, place));
        await notes.eraseTemplates(userId);
        await account.removeRatings(userId);
        await account.removeReviews(userId);
      },
    },
    {
      // Before the files: a run that is under way must not make another one.
      name: "career",
      run: (userId) => parts.career.removeOfPerson(userId),
    },
    {
      // Before the profile, which names the photo.
      name: "uploads",
      run: (userId) => parts.files.removeOfPerson(userId),
    },
    {
      name: "vendor",
      async run(userId) {
        const [person] = await users.byIds([userId]);
        if (person?.workosUserId === null || person === undefined) return;
        try {
          await parts.directory.deleteUser(person.workosUserId);
        } catch (error) {
          // Deleted there before, or by an earlier try.
          if (!(error instanceof AppError && error.code === "NOT_FOUND")) throw error;
        }
      },
    },
    {
      name: "account",
      async run(userId) {
        // Again: a run may have been writing as the person was closed.
        await parts.exports.removeOf(userId);
        await account.removeMails(userId, []);
        const [person] = await users.byIds([userId]);
        if (person !== undefined) await account.removeAddress(person.email);
        await account.removeConnections(userId);
        await account.removeMatching(userId);
        await account.removeAnswers(userId);
        await account.removeOrigins(userId);
        await users.erase(userId);
        bus.publish("people.changed", { workosUserId: null });
      },
    },
    {
      // Only now: the emails that tell of it name nobody.
      name: "closing-meetings",
      run: (userId, signal) => eachMeeting(userId, signal, (place) => closeMeeting(userId, place)),
    },
    {
      name: "files",
      async run() {
        await journal.rollOver();
        await parts.compactStore();
      },
    },
  ];
}

/** The person as they act for the last time. */
function nobody(userId: UserId, orgId: string | null, now: Date): Actor {
  return {
    userId,
    email: erasedEmail(userId),
    displayName: erasedName,
    orgId: orgId as OrgId | null,
    orgRole: "member",
    sessionId: "deletion",
    expiresAt: new Date(now.getTime() + 60_000),
  };
}
