// What stored rounds need of a store: each write is one document, and says what it expects of it.
import type { MeetingId, OrgId, UserId } from "../../../../shared/ids.ts";
import type {
  PairingAlone,
  PairingKind,
  PairingMember,
  PairingRoundState,
  PairingSchedule,
} from "../../../../shared/schemas/matching-rounds.ts";
import type { PlannedGroup } from "./plan-pairing.ts";

export interface StoredGroup {
  id: string;
  orgId: OrgId;
  name: string;
  kind: PairingKind;
  everybody: boolean;
  members: PairingMember[];
  schedule: PairingSchedule;
  active: boolean;
  /** Rises with every change. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** `making`: decided, its meeting is made or is about to be. `void`: the two were not to meet any more. */
export type PairState = "planned" | "making" | "made" | "void";

export interface FixedGroup extends PlannedGroup {
  meetingId: MeetingId;
  state: PairState;
}

export interface StoredRound {
  /** Group and number. */
  id: string;
  groupId: string;
  orgId: OrgId;
  number: number;
  state: PairingRoundState;
  startsAt: Date;
  publishAt: Date;
  /** Rises while it is planned with what its pairs depend on, as who stays out. */
  revision: number;
  /** Everybody in it, once it is fixed: by it a person's rounds are found. */
  people: UserId[];
  groups: FixedGroup[];
  alone: PairingAlone[];
  weightsVersion: number | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Who stays out: of all rounds, or of the one with this number. */
export interface OptOut {
  groupId: string;
  userId: UserId;
  always: boolean;
  round: number | null;
}

export interface PairingRepository {
  /** By name. */
  groups(orgId: OrgId): Promise<StoredGroup[]>;
  group(id: string): Promise<StoredGroup | null>;
  insertGroup(group: StoredGroup): Promise<void>;
  /** False where it has another version by now. */
  changeGroup(
    id: string,
    version: number,
    change: Partial<Pick<StoredGroup, "name" | "everybody" | "members" | "schedule" | "active">>,
    now: Date,
  ): Promise<boolean>;
  /** They are named in none of its groups any more, and stay out of none. */
  removePerson(orgId: OrgId, userId: UserId): Promise<void>;

  round(id: string): Promise<StoredRound | null>;
  /** The latest first. */
  rounds(groupId: string, limit: number): Promise<StoredRound[]>;
  /** Published ones of an organisation that began at or after, the latest first. */
  publishedSince(orgId: OrgId, since: Date, limit: number): Promise<StoredRound[]>;
  /** Published ones of a group that come before one, the latest first. */
  publishedBefore(round: Pick<StoredRound, "groupId" | "number">, limit: number): Promise<StoredRound[]>;
  /** Planned and publishing ones of everybody, for a process that starts. */
  open(limit: number): Promise<StoredRound[]>;
  /** False where there is one with this id. */
  insertRound(round: StoredRound): Promise<boolean>;
  /** False where it is not planned any more; so do `skipRound` and `touchRound`. */
  moveRound(id: string, times: { startsAt: Date; publishAt: Date }, now: Date): Promise<boolean>;
  skipRound(id: string, now: Date): Promise<boolean>;
  /** What its pairs depend on has changed. */
  touchRound(id: string, now: Date): Promise<boolean>;
  /** From planned to publishing, once; false where it is not planned, or has another revision by now. */
  fixRound(
    id: string,
    revision: number,
    plan: Pick<StoredRound, "people" | "groups" | "alone"> & { weightsVersion: number },
    now: Date,
  ): Promise<boolean>;
  /** False where the group at this place is in another state. With `startsAt` it gets this time, too. */
  movePair(
    id: string,
    place: number,
    step: { from: PairState; to: PairState; startsAt?: Date | null },
    now: Date,
  ): Promise<boolean>;
  /** From publishing to published; nothing where that has been done. */
  closeRound(id: string, now: Date): Promise<void>;

  optOuts(groupId: string): Promise<OptOut[]>;
  optOutsOf(userId: UserId): Promise<OptOut[]>;
  setOptOut(optOut: OptOut, now: Date): Promise<void>;
  removeOptOut(groupId: string, userId: UserId): Promise<void>;
}
