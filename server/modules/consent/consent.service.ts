// Consent as use cases: asking and answering for oneself, in a meeting or as a default.
import { z } from "zod";
import type { Actor } from "../../../shared/actor.ts";
import { mayBeObserved } from "../../../shared/consent-rules.ts";
import { wordingText } from "../../../shared/consent-wording.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import { timestampSchema } from "../../../shared/schemas/common.ts";
import type { DecideConsent } from "../../../shared/schemas/consents.ts";
import { decodeCursor, encodeCursor } from "../../platform/cursor.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import type { ConsentLedger } from "./consent.ledger.ts";
import type { ConsentScope } from "./consent.repository.ts";
import type { ConsentService } from "./index.ts";

const cursorSchema = z.tuple([timestampSchema, z.string().max(100)]);

export function createConsentService(options: {
  ledger: ConsentLedger;
  meetings: Pick<MeetingsService, "authorize" | "consents">;
  bus: EventBus;
  audit: AuditService;
  metrics: Metrics;
}): ConsentService {
  const { ledger, meetings, bus, audit, metrics } = options;
  const decided = metrics.counter("consent_decisions_total", "Consents given and refused", [
    "purpose",
    "answer",
    "scope",
  ]);

  async function decide(actor: Actor, scope: ConsentScope, decision: DecideConsent): Promise<void> {
    if (actor.impersonator !== undefined) {
      throw new AppError("FORBIDDEN", "Nobody agrees to anything in somebody else's name, nor refuses it.");
    }
    if (!(await ledger.decide(actor, scope, decision))) return;
    // First of all: from here on the answer is in force in this process, and others hear of it.
    bus.publish("consent.changed", { userId: actor.userId, meetingId: scope });
    const { purpose, answer, wording } = decision;
    decided.inc({ purpose, answer, scope: scope === null ? "default" : "meeting" });
    await audit.record({
      actorUserId: actor.userId,
      resourceType: scope === null ? "user" : "meeting",
      resourceId: scope ?? actor.userId,
      action: "consent.decide",
      outcome: "done",
      metadata: { purpose, answer, wording },
    });
  }

  const service: ConsentService = {
    async defaults(actor) {
      return { defaults: await ledger.standing(actor.userId, null) };
    },

    async decideDefault(actor, decision) {
      await decide(actor, null, decision);
      return await service.defaults(actor);
    },

    async ledger(actor, { limit, cursor }) {
      const size = Math.min(Math.max(limit, 1), limits.pageMaxItems);
      const [at, id] = cursor === undefined ? [] : decodeCursor(cursor, cursorSchema);
      const before = at === undefined || id === undefined ? null : { at: new Date(at), id };
      const found = await ledger.page(actor.userId, { limit: size + 1, before });
      const items = found.slice(0, size);
      const last = items.at(-1);
      const more = found.length > size && last !== undefined;
      return {
        items: items.map(({ number, scope, purpose, answer, wording, at: decidedAt }) => ({
          number,
          meetingId: scope,
          purpose,
          answer,
          at: decidedAt.toISOString(),
          shown: wordingText(purpose, wording) ?? "",
        })),
        nextCursor: more ? encodeCursor([last.at.toISOString(), last.id]) : null,
      };
    },

    async ofMeeting(actor, meetingId) {
      await meetings.authorize(actor, meetingId, "consent.read");
      return await view(actor, meetingId);
    },

    async decide(actor, meetingId, decision) {
      await meetings.authorize(actor, meetingId, "consent.decide");
      await decide(actor, meetingId, decision);
      return await view(actor, meetingId);
    },
  };

  async function view(actor: Actor, meetingId: MeetingId) {
    const [mine, speakers] = await Promise.all([
      ledger.standing(actor.userId, meetingId),
      meetings.consents(meetingId),
    ]);
    return {
      meetingId,
      mine,
      captions: [...speakers].map(([userId, { captions }]) => ({ userId, answer: captions })),
      observersWaitFor: [...speakers.values()].filter((answers) => !mayBeObserved(answers)).length,
    };
  }
  return service;
}
