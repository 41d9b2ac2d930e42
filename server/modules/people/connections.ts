// How two people stand to each other, worked out of what each of them has said: pure.
import type { UserId } from "../../../shared/ids.ts";
import type { ConnectionState } from "../../../shared/schemas/people.ts";

/** What each of two people has said about the other, without order. */
export interface Pair {
  members: readonly UserId[];
  /** Who wants the connection: both, and they are connected. */
  askedBy: readonly UserId[];
  /** Who does not want to be asked, until they ask themselves. */
  declinedBy: readonly UserId[];
  blockedBy: readonly UserId[];
}

export function isBlocked(pair: Pair | null): boolean {
  return pair !== null && pair.blockedBy.length > 0;
}

/** A pair that is blocked is to each other as if nothing had been said. */
export function connectionOf(pair: Pair | null, reader: UserId): Exclude<ConnectionState, "self"> {
  if (pair === null || isBlocked(pair)) return "none";
  const mine = pair.askedBy.includes(reader);
  const theirs = pair.askedBy.some((id) => id !== reader);
  if (mine && theirs) return "connected";
  if (mine) return "outgoing";
  return theirs && !pair.declinedBy.includes(reader) ? "incoming" : "none";
}

export function otherOf(pair: Pair, reader: UserId): UserId {
  const other = pair.members.find((id) => id !== reader);
  if (other === undefined) throw new Error("a pair has two members");
  return other;
}

/** The same for both. */
export function pairId(a: UserId, b: UserId): string {
  return a < b ? `${a}/${b}` : `${b}/${a}`;
}

/** Every two of them, each once. */
export function pairIdsAmong(people: readonly UserId[]): string[] {
  const unique = [...new Set(people)];
  return unique.flatMap((a, index) => unique.slice(index + 1).map((b) => pairId(a, b)));
}
