// The live queue as use cases: entering, answering proposals, leaving; the store decides, memory only finds who fits.
import type { Actor } from "../../../../shared/actor.ts";
import { AppError, notFound } from "../../../../shared/errors.ts";
import type { UserId } from "../../../../shared/ids.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { IdSource } from "../../../platform/ids.ts";
import type { Candidate, Wishes } from "../score/candidate.ts";
import type { Requirements } from "../score/constraints.ts";
import { reasonsOf, widenText } from "../score/reasons.ts";
import { scorePair } from "../score/score.ts";
import type { MatchingWeights } from "../score/weights.ts";
import { WaitingTimes } from "./estimate.ts";
import { createQueueMirror } from "./queue.mirror.ts";
import type { Proposal, QueueEntry, QueueRepository } from "./queue.repository.ts";
import { freeFrom, settle, type SettleParts } from "./settle.ts";

export interface QueuePorts {
  /** What somebody tells of themselves and is known of them; null for whoever may not be matched. */
  profile(userId: UserId): Promise<Omit<Candidate, "id" | "orgId" | "available" | "wishes"> | null>;
  /** Whether a block stands between them, whoever made it, or one of them is not here any more. */
  mayMeet(one: UserId, other: UserId): Promise<boolean>;
  /** As `SettleParts.meetingFor`. */
  meetingFor: SettleParts["meetingFor"];
  /** What these people see of the queue has changed. */
  changed(people: readonly UserId[]): void;
}

export interface QueueOptions {
  repository: QueueRepository;
  ports: QueuePorts;
  weights: MatchingWeights;
  requirements: Requirements;
  clock: Clock;
  ids: IdSource;
}

export interface EnterQueue {
  availableFrom: Date;
  availableTo: Date;
  wishes: Wishes;
}

export interface ProposalView {
  id: string;
  with: UserId;
  reasons: string[];
  accepted: boolean;
  acceptedByThem: boolean;
  expiresAt: Date;
}

export interface QueueView {
  status: "none" | QueueEntry["status"];
  since: Date | null;
  availableTo: Date | null;
  /** Seconds; null where nothing can be said. */
  estimateSeconds: number | null;
  proposals: ProposalView[];
  /** Who waits and fits now; and why there is nobody, or few. */
  fitting: number;
  widen: string[];
  match: { with: UserId; meetingId: string | null } | null;
}

export type QueueService = ReturnType<typeof createQueueService>;

const proposalsMost = 3;
const proposalLivesMs = 2 * 60_000;
const roundLimit = 200;

export function createQueueService(options: QueueOptions) {
  const { repository, ports, weights, requirements, clock, ids } = options;
  const mirror = createQueueMirror(options);
  const times = new WaitingTimes();
  const parts: SettleParts = {
    repository,
    clock,
    mayMeet: (one, other) => ports.mayMeet(one, other),
    meetingFor: (proposal) => ports.meetingFor(proposal),
  };

  /** Fills somebody's free cards; true where there are new ones. */
  async function proposeTo(userId: UserId): Promise<boolean> {
    const entry = await repository.entry(userId);
    if (entry?.status !== "waiting" || entry.heldBy !== null) return false;
    const open = await repository.openProposalsOf(userId);
    const now = clock.now();
    const found = mirror.suggest(entry, { count: proposalsMost - open.length, most: proposalsMost, now });
    let made = false;
    for (const { id, score, entryId } of found) {
      const other = id as UserId;
      if (!(await ports.mayMeet(userId, other))) continue;
      const people: [UserId, UserId] = userId < other ? [userId, other] : [other, userId];
      const entryIds: [string, string] = userId < other ? [entry.entryId, entryId] : [entryId, entry.entryId];
      const proposal: Proposal = {
        id: entryIds.join("-"),
        people,
        entryIds,
        state: "open",
        acceptedBy: [],
        declinedBy: null,
        factors: score.factors,
        weights,
        score: score.total,
        meetingId: null,
        expiresAt: new Date(now.getTime() + proposalLivesMs),
        createdAt: now,
        updatedAt: now,
      };
      if (!(await repository.propose(proposal))) continue;
      mirror.noteProposal(proposal);
      ports.changed(people);
      made = true;
    }
    return made;
  }

  async function finish(proposal: Proposal): Promise<void> {
    const outcome = await settle(parts, proposal);
    if (outcome === "settled") {
      for (const userId of proposal.people) {
        const entry = await repository.entry(userId);
        if (entry?.matchId === proposal.id)
          times.matchedAfter((entry.updatedAt.getTime() - entry.createdAt.getTime()) / 1_000);
        await closeOthers(userId, proposal.id);
      }
    }
    await mirror.sync();
    ports.changed(proposal.people);
  }

  /** What else was proposed to somebody who is gone is nobody's any more; the others get new cards. */
  async function closeOthers(userId: UserId, keep: string | null): Promise<void> {
    for (const proposal of await repository.openProposalsOf(userId)) {
      if (proposal.id === keep || !(await repository.close(proposal.id, { state: "void" }, clock.now())))
        continue;
      ports.changed(proposal.people);
    }
  }

  async function ownProposal(actor: Actor, proposalId: string): Promise<Proposal> {
    const proposal = await repository.proposal(proposalId);
    if (proposal?.people.includes(actor.userId) !== true) throw notFound("This proposal");
    return proposal;
  }

  async function record(proposal: Proposal, userId: UserId, outcome: "accepted" | "declined"): Promise<void> {
    const { id, factors, weights: used } = proposal;
    await repository.record({
      userId,
      matchId: id,
      outcome,
      features: factors,
      weights: used,
      createdAt: clock.now(),
    });
  }

  async function view(userId: UserId): Promise<QueueView> {
    await mirror.sync();
    const entry = await repository.entry(userId);
    if (entry === null) return nothing;
    const proposals = entry.status === "waiting" ? await repository.openProposalsOf(userId) : [];
    const outlook = entry.status === "waiting" ? mirror.outlook(userId) : null;
    const waitedSeconds = (clock.now().getTime() - entry.createdAt.getTime()) / 1_000;
    const match = entry.matchId === null ? null : await repository.proposal(entry.matchId);
    return {
      status: entry.status,
      since: entry.createdAt,
      availableTo: entry.availableTo,
      estimateSeconds: outlook === null ? null : times.estimate({ ...outlook, waitedSeconds }),
      proposals: proposals
        .filter(({ expiresAt }) => expiresAt > clock.now())
        .slice(0, proposalsMost)
        .flatMap((proposal) => viewOf(proposal, userId)),
      fitting: outlook?.fitting ?? 0,
      widen: outlook === null ? [] : outlook.widen.map(widenText),
      match:
        entry.matchedWith === null ? null : { with: entry.matchedWith, meetingId: match?.meetingId ?? null },
    };
  }

  function viewOf(proposal: Proposal, userId: UserId): ProposalView[] {
    const other = proposal.people.find((each) => each !== userId);
    if (other === undefined) return [];
    const [viewer, theirs] = [mirror.person(userId), mirror.person(other)];
    if (viewer === null || theirs === null) return [];
    const score = scorePair(viewer, theirs, mirror.pastOf(userId, other), {
      weights,
      now: proposal.createdAt.getTime(),
    });
    return [
      {
        id: proposal.id,
        with: other,
        reasons: reasonsOf(score, { viewer, other: theirs }, weights).map(({ text }) => text),
        accepted: proposal.acceptedBy.includes(userId),
        acceptedByThem: proposal.acceptedBy.includes(other),
        expiresAt: proposal.expiresAt,
      },
    ];
  }

  return {
    view: (actor: Actor) => view(actor.userId),

    /** Throws CONFLICT where one waits already, FORBIDDEN where one may not be matched. */
    async enter(actor: Actor, input: EnterQueue): Promise<QueueView> {
      const now = clock.now();
      if (
        input.availableTo.getTime() - Math.max(input.availableFrom.getTime(), now.getTime()) <
        requirements.lengthMs
      )
        throw new AppError("VALIDATION_ERROR", "Your time is too short for a meeting: make it longer.");
      if ((await ports.profile(actor.userId)) === null)
        throw new AppError(
          "FORBIDDEN",
          "You cannot be matched as things stand: complete your profile first.",
        );
      const entry: QueueEntry = {
        ...input,
        userId: actor.userId,
        entryId: ids.objectId(),
        orgId: actor.orgId,
        status: "waiting",
        heldBy: null,
        matchedWith: null,
        matchId: null,
        createdAt: now,
        updatedAt: now,
      };
      if (!(await repository.enter(entry)))
        throw new AppError("CONFLICT", "You are in the queue already: leave it before you enter anew.");
      await mirror.sync();
      await proposeTo(actor.userId);
      ports.changed([actor.userId]);
      return await view(actor.userId);
    },

    /** Throws CONFLICT where the proposal is not open any more. */
    async accept(actor: Actor, proposalId: string): Promise<QueueView> {
      await ownProposal(actor, proposalId);
      const proposal = await repository.accept(proposalId, actor.userId, clock.now());
      if (proposal === null)
        throw new AppError(
          "CONFLICT",
          "This proposal is not open any more: the other person is gone, or it has expired.",
        );
      await record(proposal, actor.userId, "accepted");
      if (proposal.acceptedBy.length === 2) await finish(proposal);
      else ports.changed(proposal.people);
      return await view(actor.userId);
    },

    async decline(actor: Actor, proposalId: string): Promise<QueueView> {
      const proposal = await ownProposal(actor, proposalId);
      const { userId } = actor;
      if (await repository.close(proposalId, { state: "declined", declinedBy: userId }, clock.now())) {
        await record(proposal, userId, "declined");
        await mirror.sync();
        for (const each of proposal.people) await proposeTo(each);
        ports.changed(proposal.people);
      }
      return await view(userId);
    },

    /** Leaving what one is not in changes nothing; whoever is matched meanwhile sees the match. */
    async leave(actor: Actor): Promise<QueueView> {
      await this.withdraw(actor.userId);
      return await view(actor.userId);
    },

    /** For whoever may not be here any more, too. */
    async withdraw(userId: UserId): Promise<void> {
      for (;;) {
        const entry = await repository.entry(userId);
        if (entry?.status !== "waiting") return;
        if (await repository.leave(userId, entry.entryId, "cancelled", clock.now())) break;
        if (entry.heldBy !== null) await freeFrom(parts, userId, entry.heldBy);
      }
      await closeOthers(userId, null);
      await mirror.sync();
      ports.changed([userId]);
    },

    /** Regular work, which any process may do at any time: finishes what broke off, ends what is over, fills free cards. */
    async tick(): Promise<void> {
      for (const proposal of await repository.unfinished(roundLimit)) await finish(proposal);
      for (const { userId, heldBy } of await repository.held(roundLimit))
        if (heldBy !== null) await freeFrom(parts, userId, heldBy);
      const now = clock.now();
      for (const proposal of await repository.overdueProposals(now, roundLimit))
        if (await repository.close(proposal.id, { state: "expired" }, now)) ports.changed(proposal.people);
      for (const entry of await repository.overdueEntries(now, roundLimit))
        if (await repository.leave(entry.userId, entry.entryId, "expired", now)) {
          await closeOthers(entry.userId, null);
          ports.changed([entry.userId]);
        }
      await mirror.sync();
      for (const userId of mirror.withFreeCards(proposalsMost)) await proposeTo(userId);
    },
  };
}

const nothing: QueueView = {
  status: "none",
  since: null,
  availableTo: null,
  estimateSeconds: null,
  proposals: [],
  fitting: 0,
  widen: [],
  match: null,
};
