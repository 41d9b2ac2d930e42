// Machines that read people's words: who may, what it costs, and what of their answers is kept.
import type mongoose from "mongoose";
import type { Actor } from "../../../shared/actor.ts";
import type { ConsentAnswers } from "../../../shared/consent-rules.ts";
import type { MeetingId, OrgId, UserId } from "../../../shared/ids.ts";
import type { AiOverview, AiUse, MeetingAi } from "../../../shared/schemas/ai.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { Ledger } from "../../platform/outbound/ledger.ts";
import type { FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { LanguageGate, ResponseCache } from "../../vendors/language/index.ts";
import type { SpeechGate } from "../../vendors/speech/index.ts";
import { createCostLedger } from "./ai.ledger.ts";
import type { AiRepository } from "./ai.repository.ts";
import { createAiRepository } from "./ai.repository.mongo.ts";

export { createAiService } from "./ai.service.ts";

/** The gate is what ports are given; the rest is for people. */
export interface AiService extends LanguageGate, SpeechGate {
  /** The stricter one of the meeting's and its organisation's switch; `off` where there is no such meeting. */
  useIn(meetingId: MeetingId): Promise<AiUse>;
  /** The organisation's own switch. */
  useOf(orgId: OrgId): Promise<AiUse>;
  /** What people allow, with nothing read of anybody where the meeting is off. Throws NOT_FOUND. */
  consentsIn(meetingId: MeetingId): Promise<ReadonlyMap<UserId, ConsentAnswers>>;
  /** The same for these people, also where they have left the meeting. */
  answersIn(meetingId: MeetingId, userIds: UserId[]): Promise<Map<UserId, ConsentAnswers>>;
  /** For everybody with a place in it. */
  ofMeeting(actor: Actor, meetingId: MeetingId): Promise<MeetingAi>;
  /** Hosts. In force when it resolves; other processes ask the store as well. */
  decideForMeeting(actor: Actor, meetingId: MeetingId, use: AiUse): Promise<MeetingAi>;
  /** Of the organisation of the actor's session; throws FORBIDDEN to others than its administrators. */
  overview(actor: Actor): Promise<AiOverview>;
  decideForOrganization(actor: Actor, use: AiUse): Promise<AiOverview>;
  /** Answers that rest on words of this meeting. */
  forgetAnswers(meetingId: MeetingId): Promise<void>;
}

export interface AiStores {
  repository: AiRepository;
  ledger: Ledger;
  cache: ResponseCache;
}

/** What adapters keep, before there are modules. */
export async function createAiStores(options: {
  connection: mongoose.Connection;
  cipher: FieldCipher;
  clock: Clock;
  metrics: Metrics;
  daily: { tokens: number; cost: number };
  /** 0: answers are not kept. */
  cacheMs: number;
}): Promise<AiStores> {
  const { connection, cipher, clock, metrics, daily, cacheMs } = options;
  const repository = await createAiRepository(connection, cipher);
  return {
    repository,
    ledger: createCostLedger({ repository, clock, metrics, daily }),
    cache: {
      get: async (key, { meetingId }) =>
        cacheMs === 0 ? null : await repository.answer(key, meetingId, clock.now()),
      async put(key, { meetingId }, text) {
        if (cacheMs === 0) return;
        const expiresAt = new Date(clock.now().getTime() + cacheMs);
        await repository.putAnswer(key, meetingId, { text, expiresAt });
      },
    },
  };
}
