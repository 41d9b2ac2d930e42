// Matching: bringing together people who have something to talk about, at once in a queue that is live, or in planned rounds.
import type { Actor } from "../../../shared/actor.ts";
import type { MeetingId, OrgId, UserId } from "../../../shared/ids.ts";
import type { EnterMatching, OwnMatching } from "../../../shared/schemas/matching.ts";

export { createPairingModule, madeEmail, reminderEmail } from "./rounds/index.ts";
export type {
  PairingPerson,
  PairingPorts,
  PairingProfile,
  PairingService,
  WeightsService,
} from "./rounds/index.ts";
export { createMatchingModule } from "./matching.service.ts";
export type { MatchingOptions } from "./matching.service.ts";
export { toldOf } from "./queue/queue.ports.ts";

export interface MatchingService {
  mine(actor: Actor): Promise<OwnMatching>;
  /**
   * Throws CONFLICT where one waits already, VALIDATION_ERROR where the time is too short or too long, FORBIDDEN to whoever
   * acts in somebody's name.
   */
  enter(actor: Actor, input: EnterMatching): Promise<OwnMatching>;
  /** Throws NOT_FOUND where it was not proposed to the actor, CONFLICT where it is not open any more. */
  accept(actor: Actor, proposalId: string): Promise<OwnMatching>;
  /** Declining what is not open changes nothing. Throws NOT_FOUND as `accept`. */
  decline(actor: Actor, proposalId: string): Promise<OwnMatching>;
  /** Idempotent. */
  leave(actor: Actor): Promise<OwnMatching>;
  /** Of events; each may be repeated, and be done by several processes at once. */
  readonly consequences: MatchingConsequences;
  /** From now on the queue's regular work is done; `crowdChanged` is called when what everybody sees may be another. */
  start(crowdChanged: () => void): void;
  stop(): Promise<void>;
}

export interface MatchingConsequences {
  /** Null: nobody of the organisation, or the person altogether. */
  personEnded(whom: { userId: UserId | null; orgId: OrgId | null }): Promise<void>;
  connectionChanged(one: UserId, other: UserId): Promise<void>;
  profileChanged(userId: UserId): Promise<void>;
  /** What somebody sees of the queue has changed in another process, or in this one. */
  queueChanged(): void;
  meetingEnded(meetingId: MeetingId): Promise<void>;
  ratingChanged(meetingId: MeetingId): Promise<void>;
}
