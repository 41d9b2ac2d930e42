// What the live queue says to whoever waits in it, and what it needs to know of people: the shapes of its use cases.
import type { UserId } from "../../../../shared/ids.ts";
import type { Candidate, MatchingRole, TimeRange, Wishes } from "../score/candidate.ts";
import type { MatchingWeights } from "../score/weights.ts";
import type { QueueEntry } from "./queue.repository.ts";
import type { SettleParts } from "./settle.ts";

/** What is told and known of somebody, whatever they ask for this time. */
export type KnownPerson = Pick<
  Candidate,
  "languages" | "interests" | "offers" | "seeks" | "vector" | "kept" | "missed"
>;

export type QueueEvent =
  "entered" | "proposed" | "accepted" | "declined" | "left" | "expired" | "matched" | "void";

export interface QueuePorts {
  /** Null for whoever may not be matched. */
  profile(userId: UserId): Promise<KnownPerson | null>;
  /** When they are taken in that time; in any order. */
  busy(userId: UserId, period: { from: Date; to: Date }): Promise<readonly TimeRange[]>;
  /** With whom of these a block stands between them, whoever made it. */
  blockedAmong(userId: UserId, others: readonly UserId[]): Promise<ReadonlySet<string>>;
  /** Those that its administrators have applied, else what the product comes with. */
  weightsOf(orgId: string): Promise<MatchingWeights>;
  /** Whether neither has blocked the other, and both are still here and where they entered from. */
  mayMeet(one: UserId, other: UserId): Promise<boolean>;
  meetingFor: SettleParts["meetingFor"];
  /** What these people see of the queue has changed. */
  changed(people: readonly UserId[]): void;
  /** For counting; `waitedSeconds` of whoever is matched. */
  happened(event: QueueEvent, waitedSeconds?: number): void;
}

export interface EnterQueue {
  availableFrom: Date;
  availableTo: Date;
  /** In which they are here. */
  roles: readonly MatchingRole[];
  wishes: Wishes;
}

export interface ProposalView {
  id: string;
  with: UserId;
  reasons: string[];
  startsAt: Date;
  accepted: boolean;
  acceptedByThem: boolean;
  expiresAt: Date;
}

export interface QueueView {
  /** `elsewhere`: they wait, but from another organisation than their session is in. */
  status: "none" | "elsewhere" | QueueEntry["status"];
  /** As they entered last; null where nothing of it is to be shown. */
  stay: (EnterQueue & { since: Date }) | null;
  /** Seconds; null where nothing can be said. */
  estimateSeconds: number | null;
  proposals: ProposalView[];
  /** Who waits and fits now; and why there is nobody, or few. */
  fitting: number;
  widen: string[];
  match: { with: UserId; meetingId: string | null; startsAt: Date } | null;
}

export function emptyView(status: QueueView["status"], stay: QueueView["stay"] = null): QueueView {
  return { status, stay, estimateSeconds: null, proposals: [], fitting: 0, widen: [], match: null };
}
