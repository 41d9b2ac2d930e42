// Consent: what each person allows to be done with their words, by meeting or by default; asked before, felt at once.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import type { Page } from "../../../shared/schemas/common.ts";
import type {
  ConsentEntry,
  ConsentStanding,
  DecideConsent,
  MeetingConsents,
} from "../../../shared/schemas/consents.ts";

export { createConsentLedger } from "./consent.ledger.ts";
export type { ConsentLedger } from "./consent.ledger.ts";
export { createConsentRepository } from "./consent.repository.mongo.ts";
export { createConsentService } from "./consent.service.ts";

export interface ConsentService {
  defaults(actor: Actor): Promise<{ defaults: ConsentStanding[] }>;
  decideDefault(actor: Actor, decision: DecideConsent): Promise<{ defaults: ConsentStanding[] }>;
  /** Everything the actor has decided, newest first. */
  ledger(actor: Actor, query: { limit: number; cursor?: string | undefined }): Promise<Page<ConsentEntry>>;
  ofMeeting(actor: Actor, meetingId: MeetingId): Promise<MeetingConsents>;
  /** Durable, and in force in this process, when it resolves; other processes hear of it by the bus. */
  decide(actor: Actor, meetingId: MeetingId, decision: DecideConsent): Promise<MeetingConsents>;
}
