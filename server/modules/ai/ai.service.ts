// Who may read people's words: the gate that the ports ask, the switches that it goes by, and what administrators see.
import { isOrgAdmin, type Actor } from "../../../shared/actor.ts";
import {
  mayBeReadByMachine,
  missingForSpeechService,
  noAnswers,
  type ConsentAnswers,
} from "../../../shared/consent-rules.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId, OrgId, UserId } from "../../../shared/ids.ts";
import { stricterUse, type AiUse, type VendorStatus } from "../../../shared/schemas/ai.ts";
import type { ConsentPurpose } from "../../../shared/schemas/consents.ts";
import type { Clock } from "../../platform/clock.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { AuditService } from "../audit/index.ts";
import type { ConsentLedger } from "../consent/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import { dayOf } from "./ai.ledger.ts";
import type { AiRepository, SwitchScope } from "./ai.repository.ts";
import type { AiService } from "./index.ts";

export interface AiOptions {
  repository: AiRepository;
  meetings: Pick<MeetingsService, "authorize" | "record" | "consents">;
  consents: Pick<ConsentLedger, "answers" | "standing">;
  /** `rules` or the configured model's name. */
  provider: { mode: "rules" | "model"; name: string };
  /** The speech service's name; null where none is configured. */
  speech: string | null;
  daily: { tokens: number; cost: number };
  vendors: () => VendorStatus[];
  audit: AuditService;
  bus: EventBus;
  clock: Clock;
}

export function createAiService(options: AiOptions): AiService {
  const { repository, meetings, consents, provider, speech, daily, vendors, audit, bus, clock } = options;

  async function useOf(scope: SwitchScope): Promise<AiUse> {
    return (await repository.switchOf(scope))?.use ?? "model";
  }

  async function switches(meetingId: MeetingId): Promise<{ meeting: AiUse; organization: AiUse }> {
    const record = await meetings.record(meetingId);
    // What is not there is read by nobody.
    if (record === null) return { meeting: "off", organization: "off" };
    const { orgId } = record;
    const meeting = await useOf({ meetingId });
    const organization = orgId === null ? "model" : await useOf({ orgId });
    return { meeting, organization };
  }

  async function useIn(meetingId: MeetingId): Promise<AiUse> {
    const { meeting, organization } = await switches(meetingId);
    return stricterUse(meeting, organization);
  }

  async function ofMeeting(meetingId: MeetingId) {
    const both = await switches(meetingId);
    const most = stricterUse(both.meeting, both.organization);
    return {
      ...both,
      counts: stricterUse(most, provider.mode),
      provider: provider.name,
      speech: speech === null ? null : { name: speech, allowed: most === "model" },
    };
  }

  async function overview(orgId: OrgId) {
    const [stored, used] = await Promise.all([
      repository.switchOf({ orgId }),
      repository.used({ orgId, day: dayOf(clock.now()) }),
    ]);
    return {
      use: stored?.use ?? ("model" as const),
      changedAt: stored?.changedAt.toISOString() ?? null,
      vendors: vendors(),
      today: {
        calls: used.calls,
        tokens: Math.max(0, used.tokens),
        cost: Math.max(0, used.cost),
        tokensMost: daily.tokens,
        costMost: daily.cost,
      },
    };
  }

  return {
    useIn,
    useOf: (orgId) => useOf({ orgId }),

    mostIn: ({ meetingId }) => useIn(meetingId as MeetingId),

    async readableAmong({ meetingId }, speakerIds, mode) {
      const answers = await consents.answers(meetingId as MeetingId, speakerIds as UserId[]);
      return new Set(
        speakerIds.filter((id) => mayBeReadByMachine(answers.get(id as UserId) ?? noAnswers, mode)),
      );
    },

    async refusalOf(meetingId, speakerId) {
      const [use, standing] = await Promise.all([
        useIn(meetingId as MeetingId),
        consents.standing(speakerId as UserId, meetingId as MeetingId),
      ]);
      if (use !== "model") return "switched-off";
      const of = (purpose: ConsentPurpose) => standing.find((one) => one.purpose === purpose);
      const answers = { captions: of("captions")?.answer ?? null, ai: of("ai")?.answer ?? null };
      return missingForSpeechService(answers, of("captions")?.wording ?? null);
    },

    async consentsIn(meetingId) {
      const answers = await meetings.consents(meetingId);
      return (await useIn(meetingId)) === "off" ? withoutMachines(answers) : answers;
    },

    async answersIn(meetingId, userIds) {
      const answers = await consents.answers(meetingId, userIds);
      return (await useIn(meetingId)) === "off" ? withoutMachines(answers) : answers;
    },

    async ofMeeting(actor, meetingId) {
      await meetings.authorize(actor, meetingId, "meeting.read");
      return await ofMeeting(meetingId);
    },

    async decideForMeeting(actor, meetingId, use) {
      await meetings.authorize(actor, meetingId, "ai.decide");
      const before = await useOf({ meetingId });
      if (before !== use) {
        await repository.putSwitch({ meetingId }, { use, by: actor.userId, now: clock.now() });
        await audit.record({
          actorUserId: actor.userId,
          resourceType: "meeting",
          resourceId: meetingId,
          action: "ai.decide",
          outcome: "done",
          metadata: { from: before, to: use },
        });
        bus.publish("ai.changed", { meetingId });
      }
      return await ofMeeting(meetingId);
    },

    overview: (actor) => overview(administered(actor)),

    async decideForOrganization(actor, use) {
      const orgId = administered(actor);
      const before = await useOf({ orgId });
      if (before !== use) {
        await repository.putSwitch({ orgId }, { use, by: actor.userId, now: clock.now() });
        await audit.record({
          actorUserId: actor.userId,
          resourceType: "organization",
          resourceId: orgId,
          action: "ai.decide",
          outcome: "done",
          metadata: { from: before, to: use },
        });
        bus.publish("ai.changed", { meetingId: null });
      }
      return await overview(orgId);
    },

    forgetAnswers: (meetingId) => repository.removeAnswers(meetingId),
  };
}

/** As if everybody had refused machines. */
function withoutMachines(answers: ReadonlyMap<UserId, ConsentAnswers>): Map<UserId, ConsentAnswers> {
  return new Map([...answers].map(([userId, each]) => [userId, { ...each, ai: "refused" as const }]));
}

function administered(actor: Actor): OrgId {
  if (!isOrgAdmin(actor)) throw new AppError("FORBIDDEN", "This is for administrators of an organisation.");
  return actor.orgId;
}
