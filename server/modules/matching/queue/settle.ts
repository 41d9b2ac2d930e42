// From two acceptances to one match: steps that may be repeated, by several processes at once, and break off anywhere.
import type { UserId } from "../../../../shared/ids.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Proposal, QueueRepository } from "./queue.repository.ts";

export interface SettleParts {
  repository: QueueRepository;
  clock: Clock;
  /** A last look: a block may have come since they were proposed to each other. */
  mayMeet(one: UserId, other: UserId): Promise<boolean>;
  /** The meeting of this proposal, both invited; the same one when asked again. Null where there can be none any more. */
  meetingFor(proposal: Proposal): Promise<string | null>;
}

export type Settled = "settled" | "void";

/**
 * Both people are held, the lower id first, then the proposal is decided, once and for good, then both are matched. Whoever
 * is held by a proposal can be matched by it alone, and is given back only after it was decided otherwise: so nobody is in
 * two matches. Whoever finds somebody held finishes that proposal first; since all hold in the same order, that ends.
 */
export async function settle(parts: SettleParts, proposal: Proposal): Promise<Settled> {
  const { repository, clock } = parts;
  const { id } = proposal;
  if (proposal.state === "open") {
    const possible = (await parts.mayMeet(...proposal.people)) && (await holdBoth(parts, proposal));
    await repository.close(id, { state: possible ? "settled" : "void" }, clock.now());
  }
  const decided = await repository.proposal(id);
  if (decided?.state !== "settled") {
    for (const userId of proposal.people) await repository.release(userId, id, clock.now());
    return "void";
  }
  const [one, other] = decided.people;
  await repository.match(one, { proposalId: id, matchedWith: other, now: clock.now() });
  await repository.match(other, { proposalId: id, matchedWith: one, now: clock.now() });
  return decided.meetingId !== null || (await becomesMeeting(parts, decided)) ? "settled" : "void";
}

/** A block, or the end of an account, may have come between the last look and the meeting: then neither stays matched. */
async function becomesMeeting(parts: SettleParts, proposal: Proposal): Promise<boolean> {
  const { repository, clock } = parts;
  const meetingId = await parts.meetingFor(proposal);
  if (meetingId !== null) {
    await repository.setMeeting(proposal.id, meetingId, clock.now());
    return true;
  }
  // The people first: a proposal that is settled without a meeting is found again.
  await repository.unmatch(proposal.id, clock.now());
  await repository.annul(proposal.id, clock.now());
  return false;
}

async function holdBoth(parts: SettleParts, { id, people, entryIds }: Proposal): Promise<boolean> {
  for (const [index, userId] of people.entries()) {
    const entryId = entryIds[index] ?? "";
    if (!(await holdOne(parts, { userId, entryId, proposalId: id }))) return false;
  }
  return true;
}

async function holdOne(
  parts: SettleParts,
  { userId, entryId, proposalId }: { userId: UserId; entryId: string; proposalId: string },
): Promise<boolean> {
  const { repository, clock } = parts;
  for (;;) {
    if (await repository.hold(userId, entryId, proposalId, clock.now())) return true;
    const entry = await repository.entry(userId);
    if (entry?.entryId !== entryId || entry.status !== "waiting") return false;
    if (entry.heldBy === null) continue;
    await freeFrom(parts, userId, entry.heldBy);
  }
}

/** Finishes the proposal that holds somebody, whatever comes of it. */
export async function freeFrom(parts: SettleParts, userId: UserId, proposalId: string): Promise<void> {
  const holder = await parts.repository.proposal(proposalId);
  if (holder === null) await parts.repository.release(userId, proposalId, parts.clock.now());
  else await settle(parts, holder);
}
