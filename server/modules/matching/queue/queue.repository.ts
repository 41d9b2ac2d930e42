// What the live queue needs of a store: every write is one document, and says what it expects of it.
import type { UserId } from "../../../../shared/ids.ts";
import type { MatchingRole, Wishes } from "../score/candidate.ts";
import type { Factors, MatchingWeights } from "../score/weights.ts";
import type { MeetingPlan } from "./meeting-plan.ts";

export type EntryStatus = "waiting" | "matched" | "expired" | "cancelled";

/** A person's place in the queue: one document a person, written over when they come again. */
export interface QueueEntry {
  userId: UserId;
  /** Of this stay: what was meant for a former one does not count. */
  entryId: string;
  orgId: string | null;
  availableFrom: Date;
  availableTo: Date;
  /** In which they are here. */
  roles: readonly MatchingRole[];
  wishes: Wishes;
  status: EntryStatus;
  /** The proposal that is being settled with them; nobody else gets them meanwhile. */
  heldBy: string | null;
  matchedWith: UserId | null;
  matchId: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** `settled` is for good; `void` a match that could not be. */
export type ProposalState = "open" | "settled" | "declined" | "expired" | "void";

export interface Proposal {
  id: string;
  /** By rising id; `entryIds` in the same order. */
  people: [UserId, UserId];
  entryIds: [string, string];
  state: ProposalState;
  acceptedBy: UserId[];
  declinedBy: UserId | null;
  factors: Factors;
  weights: MatchingWeights;
  score: number;
  plan: MeetingPlan;
  meetingId: string | null;
  expiresAt: Date;
  createdAt: Date;
  updatedAt: Date;
}

export interface QueueRepository {
  entry(userId: UserId): Promise<QueueEntry | null>;
  /** False where the person waits already, or is held. */
  enter(entry: QueueEntry): Promise<boolean>;
  /** Takes the person for a proposal; true where it has them, also from before. */
  hold(userId: UserId, entryId: string, proposalId: string, now: Date): Promise<boolean>;
  /** Gives them back; nothing where another proposal holds them. */
  release(userId: UserId, proposalId: string, now: Date): Promise<void>;
  /** From held to matched; nothing where that has been done. */
  match(userId: UserId, match: { proposalId: string; matchedWith: UserId; now: Date }): Promise<void>;
  /** False where they do not wait in this stay any more, or are held. */
  leave(userId: UserId, entryId: string, status: "cancelled" | "expired", now: Date): Promise<boolean>;
  /** Ends the stays that the proposal had matched. */
  unmatch(proposalId: string, now: Date): Promise<void>;
  /** Changed at or after, in rising order of change. */
  entriesSince(since: Date): Promise<QueueEntry[]>;
  /** Waiting ones whose time is over. */
  overdueEntries(now: Date, limit: number): Promise<QueueEntry[]>;
  held(limit: number): Promise<QueueEntry[]>;
  /** Who waits from this organisation. */
  waitingFrom(orgId: string): Promise<UserId[]>;

  proposal(id: string): Promise<Proposal | null>;
  /** False where these two have been proposed to each other in these stays before. */
  propose(proposal: Proposal): Promise<boolean>;
  openProposalsOf(userId: UserId): Promise<Proposal[]>;
  proposalsSince(since: Date): Promise<Proposal[]>;
  /** The proposal as it is then; null where it is not open any more, or its time is over. */
  accept(id: string, userId: UserId, now: Date): Promise<Proposal | null>;
  /** From open to something else, once; false where it was not open. */
  close(
    id: string,
    change: { state: Exclude<ProposalState, "open">; declinedBy?: UserId },
    now: Date,
  ): Promise<boolean>;
  setMeeting(id: string, meetingId: string, now: Date): Promise<void>;
  /** From settled to void, where no meeting has come of it. */
  annul(id: string, now: Date): Promise<void>;
  overdueProposals(now: Date, limit: number): Promise<Proposal[]>;
  /** Both have accepted and it is open, or it is settled and has no meeting. */
  unfinished(limit: number): Promise<Proposal[]>;
  /** Settled and declined ones, the last first. */
  pastOf(userId: UserId, limit: number): Promise<Proposal[]>;
  /** Those that became one of these meetings. */
  ofMeetings(meetingIds: readonly string[]): Promise<Proposal[]>;
}
