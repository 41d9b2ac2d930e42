// What the people module needs of a store for connections; each change is one write that finds what it asks for or changes nothing.
import type { UserId } from "../../../shared/ids.ts";
import type { Pair } from "./connections.ts";

/** As `connectionOf` says it, and those whom the person has blocked. */
export type PairKind = "incoming" | "outgoing" | "connected" | "blocked";

export interface ConnectionsRepository {
  pair(a: UserId, b: UserId): Promise<Pair | null>;
  pairs(userId: UserId, others: readonly UserId[]): Promise<Pair[]>;
  /** The last changed first. */
  ofKind(userId: UserId, kind: PairKind, limit: number): Promise<Pair[]>;
  /** Of these pairs, those in which either has blocked the other. */
  blockedAmong(pairIds: readonly string[]): Promise<Pair[]>;
  /** False where either has blocked the other. */
  ask(userId: UserId, other: UserId, now: Date): Promise<boolean>;
  /** False where the other does not ask, or either has blocked the other. */
  accept(userId: UserId, other: UserId, now: Date): Promise<boolean>;
  /** False where the other does not ask. */
  decline(userId: UserId, other: UserId, now: Date): Promise<boolean>;
  /** Takes back one's own request, where it was not accepted. */
  withdraw(userId: UserId, other: UserId, now: Date): Promise<void>;
  /** Ends a connection, so that neither is left asking. */
  end(userId: UserId, other: UserId, now: Date): Promise<void>;
  block(userId: UserId, other: UserId, now: Date): Promise<void>;
  unblock(userId: UserId, other: UserId, now: Date): Promise<void>;
}
