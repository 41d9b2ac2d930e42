// Briefs as a use case: gathered through the services that show each source to the reader, so that what they may not see is not in it.
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { UserId } from "../../../shared/ids.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { Metrics } from "../../platform/metrics.ts";
import { whyNot } from "../../platform/outbound/whys.ts";
import type { GatedIdeas } from "../../vendors/language/index.ts";
import type { AiService } from "../ai/index.ts";
import type { InsightsService } from "../insights/index.ts";
import type { MeetingRecord, MeetingsService } from "../meetings/index.ts";
import type { PeopleService } from "../people/index.ts";
import type { BriefsService } from "./index.ts";
import { ideasOfModel, linesOf } from "./brief-lines.ts";
import { createBriefWriting, type Writing } from "./brief-writing.ts";
import { composeBrief, type BriefSources } from "./compose-brief.ts";

export interface BriefsModuleOptions {
  meetings: Pick<MeetingsService, "authorize" | "record" | "heldTogether">;
  insights: Pick<InsightsService, "recap" | "topics" | "openCommitments">;
  people: Pick<PeopleService, "ownProfile" | "person">;
  ai: Pick<AiService, "useIn">;
  /** Null where no model is configured. */
  ideas: GatedIdeas | null;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

/** Of those that the reader has held with any of the same people, the latest. */
const callsLookedAt = 60;
const lastCallsMost = 3;
const profilesMost = 5;

export function createBriefsModule(options: BriefsModuleOptions): BriefsService {
  const { meetings, insights, people, ai, metrics } = options;
  const writing = createBriefWriting(options);
  const made = metrics.counter("briefs_total", "Briefs before calls, by whether machines were off", [
    "status",
  ]);

  /** What they have held with any of these people and may open from where they are, newest first. */
  async function heldWith(actor: Actor, others: UserId[], orgId: MeetingRecord["orgId"]) {
    const held = await meetings.heldTogether(actor.userId, others, { orgId, limit: callsLookedAt });
    const open = await Promise.all(
      held.map(({ id }) => allowed(meetings.authorize(actor, id, "meeting.read"))),
    );
    return held.filter((_record, at) => open[at] !== null);
  }

  /** Null where the reader may not see it. */
  async function allowed<Value>(reading: Promise<Value>): Promise<Value | null> {
    try {
      return await reading;
    } catch (error) {
      if (error instanceof AppError && (error.kind === "not-found" || error.kind === "forbidden"))
        return null;
      throw error;
    }
  }

  async function profilesOf(actor: Actor, others: readonly UserId[]): Promise<BriefSources["profiles"]> {
    const own = await people.ownProfile(actor);
    const found: BriefSources["profiles"] = [
      {
        userId: actor.userId,
        name: actor.displayName,
        own: true,
        goals: own.goals,
        interests: own.interests,
      },
    ];
    for (const userId of others.slice(0, profilesMost)) {
      const person = await allowed(people.person(actor, userId));
      if (person === null) continue;
      const { displayName: name, goals, interests } = person;
      found.push({ userId, name, own: false, goals, interests });
    }
    return found;
  }

  async function gather(actor: Actor, record: MeetingRecord): Promise<BriefSources> {
    const others = speakersOf(record).filter((userId) => userId !== actor.userId);
    const earlier = (await heldWith(actor, others, record.orgId)).filter(({ id }) => id !== record.id);
    const open = await insights.openCommitments(actor, { of: earlier.map(({ id }) => id) });
    const lastCalls: BriefSources["lastCalls"] = [];
    const cited = new Map<string, { sequence: number; speakerIds: string[] }>();
    for (const [place, call] of earlier.entries()) {
      if (place >= lastCallsMost && !open.some(({ meetingId }) => meetingId === call.id)) continue;
      const insight = (await allowed(insights.recap(actor, call.id)))?.insight ?? null;
      for (const { id, citations } of insight?.actionItems ?? [])
        cited.set(id, {
          sequence: citations[0]?.sequence ?? 1,
          speakerIds: citations.map(({ speakerId }) => speakerId),
        });
      if (place >= lastCallsMost) continue;
      const topics = insight === null ? null : await allowed(insights.topics(actor, call.id));
      lastCalls.push({ record: call, outcome: insight?.outcome ?? null, topics: topics?.items ?? [] });
    }
    return {
      coaches: record.participants.some(({ userId, role }) => userId === actor.userId && role === "host"),
      lastCalls,
      commitments: open.map((one) => ({
        ...one,
        sequence: cited.get(one.id)?.sequence ?? null,
        speakerIds: cited.get(one.id)?.speakerIds ?? [],
      })),
      profiles: await profilesOf(actor, others),
    };
  }

  /** Why ideas are the rules' where a model was asked. */
  function instead(now: Writing, { ideas, byRules }: { ideas: number; byRules: number }): string[] {
    const { name } = writing;
    if (name === null) return [];
    if (now.state === "failed")
      return [
        `${name} was to write ideas, but ${whyNot(now.reason)}${byRules > 0 ? ": they are by rules" : ""}.`,
      ];
    if (now.state !== "written" || ideas > 0) return [];
    return [`${name} wrote nothing that could be kept${byRules > 0 ? ": the ideas are by rules" : ""}.`];
  }

  return {
    async brief(actor, meetingId) {
      const { role } = await meetings.authorize(actor, meetingId, "meeting.read");
      if (role === "observer") throw new AppError("FORBIDDEN", "A brief is for those who talk in the call.");
      const record = await meetings.record(meetingId);
      const off = record === null || (await ai.useIn(meetingId)) === "off";
      made.inc({ status: off ? "off" : "ready" });
      const base = { meetingId, generatedBy: "rules", writing: null, dropped: 0 };
      if (off) return { ...base, status: "off", commitments: [], lastCalls: [], ideas: [], missing: [] };
      const sources = await gather(actor, record);
      const unread = sources.lastCalls.filter(
        ({ outcome, topics }) => outcome === null && topics.length === 0,
      );
      const missing = [
        ...(sources.lastCalls.length === 0 ? ["There is no earlier call of yours with these people."] : []),
        ...(unread.length === 0
          ? []
          : [
              `Of ${unread.length === 1 ? "1 earlier call" : `${unread.length} earlier calls`} nothing is made out: there is no recap that you may read, or nothing stood out.`,
            ]),
      ];
      const composed = composeBrief(sources);
      const told = composed.commitments.map(({ text }) => text);
      const lines = linesOf(record, sources);
      const subject = { meetingId, orgId: record.orgId };
      const now = await writing.of(lines, { subject, readerId: actor.userId, coaches: sources.coaches });
      const ideas = now.state === "written" ? ideasOfModel(now.written.ideas, { lines, told }) : [];
      return {
        ...base,
        status: "ready",
        ...composed,
        // What rests on nothing is no brief: then those of the rules stand.
        ...(ideas.length > 0 && { ideas, generatedBy: writing.name ?? base.generatedBy }),
        writing: now.state === "writing" ? writing.name : null,
        dropped: droppedOf(now),
        missing: [...missing, ...instead(now, { ideas: ideas.length, byRules: composed.ideas.length })],
      };
    },

    stop: () => writing.stop(),
  };
}

function speakersOf({ participants }: MeetingRecord): UserId[] {
  return participants.filter(({ role }) => role !== "observer").map(({ userId }) => userId);
}

function droppedOf(now: Writing): number {
  if (now.state !== "written") return 0;
  return Object.values(now.written.dropped).reduce((sum, count) => sum + count, 0);
}
