// The live queue as use cases: entering, answering proposals, leaving; the store decides, memory only finds who fits.
import type { Actor } from "../../../../shared/actor.ts";
import { AppError, notFound } from "../../../../shared/errors.ts";
import type { UserId } from "../../../../shared/ids.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { IdSource } from "../../../platform/ids.ts";
import type { Requirements } from "../score/constraints.ts";
import { reasonsOf, widenText } from "../score/reasons.ts";
import { scorePair } from "../score/score.ts";
import type { MatchingWeights } from "../score/weights.ts";
import { WaitingTimes } from "./estimate.ts";
import { planOf } from "./meeting-plan.ts";
import type { OutcomesRepository } from "./outcomes.repository.ts";
import { createQueueMirror, stayMostMs } from "./queue.mirror.ts";
import type { Proposal, QueueEntry, QueueRepository } from "./queue.repository.ts";
import {
  emptyView,
  type EnterQueue,
  type ProposalView,
  type QueuePorts,
  type QueueView,
} from "./queue.views.ts";
import { freeFrom, settle, type SettleParts } from "./settle.ts";

export interface QueueOptions {
  repository: QueueRepository;
  outcomes: OutcomesRepository;
  ports: QueuePorts;
  weights: MatchingWeights;
  requirements: Requirements;
  clock: Clock;
  ids: IdSource;
}

export type QueueService = ReturnType<typeof createQueueService>;

const proposalsMost = 3;
const proposalLivesMs = 2 * 60_000;
const roundLimit = 200;

export function createQueueService(options: QueueOptions) {
  const { repository, outcomes, ports, requirements, clock, ids } = options;
  const mirror = createQueueMirror(options);
  const times = new WaitingTimes();
  const parts: SettleParts = {
    repository,
    clock,
    mayMeet: (one, other) => ports.mayMeet(one, other),
    meetingFor: (proposal) => ports.meetingFor(proposal),
  };

  /** Fills somebody's free cards. */
  async function proposeTo(userId: UserId): Promise<void> {
    const now = clock.now();
    const found = mirror.suggest(userId, { most: proposalsMost, now });
    if (found.length === 0) return;
    const entry = await repository.entry(userId);
    if (entry?.status !== "waiting" || entry.heldBy !== null) return;
    for (const { id, score, weights: used, entryId, ownEntryId } of found) {
      const other = id as UserId;
      const [own, theirs] = [mirror.person(userId)?.candidate, mirror.person(other)?.candidate];
      if (own === undefined || theirs === undefined || ownEntryId !== entry.entryId) continue;
      if (!(await ports.mayMeet(userId, other))) continue;
      const people: [UserId, UserId] = userId < other ? [userId, other] : [other, userId];
      const entryIds: [string, string] = userId < other ? [ownEntryId, entryId] : [entryId, ownEntryId];
      const proposal: Proposal = {
        id: entryIds.join("-"),
        people,
        entryIds,
        state: "open",
        acceptedBy: [],
        declinedBy: null,
        factors: score.factors,
        weights: used,
        score: score.total,
        plan: planOf(...(userId < other ? ([own, theirs] as const) : ([theirs, own] as const)), {
          lengthMs: requirements.lengthMs,
          now,
        }),
        meetingId: null,
        expiresAt: new Date(now.getTime() + proposalLivesMs),
        createdAt: now,
        updatedAt: now,
      };
      if (!(await repository.propose(proposal))) continue;
      mirror.noteProposal(proposal);
      ports.happened("proposed");
      ports.changed(people);
    }
  }

  async function finish(proposal: Proposal): Promise<void> {
    // Whoever answered last may have died before it was recorded.
    for (const userId of proposal.acceptedBy) await record(proposal, userId, "accepted");
    const outcome = await settle(parts, proposal);
    if (outcome === "settled") {
      for (const userId of proposal.people) {
        const entry = await repository.entry(userId);
        if (entry?.matchId === proposal.id) {
          const waitedSeconds = (entry.updatedAt.getTime() - entry.createdAt.getTime()) / 1_000;
          times.matchedAfter(waitedSeconds);
          ports.happened("matched", waitedSeconds);
        }
        await closeOthers(userId, proposal.id);
      }
    } else ports.happened("void");
    await mirror.sync();
    ports.changed(proposal.people);
  }

  /** What else was proposed to somebody who is gone is nobody's any more; the others get new cards. */
  async function closeOthers(userId: UserId, keep: string | null): Promise<void> {
    for (const proposal of await repository.openProposalsOf(userId))
      if (proposal.id !== keep && (await repository.close(proposal.id, { state: "void" }, clock.now())))
        ports.changed(proposal.people);
  }

  /** Of a stay in another organisation nothing is told in this one. */
  async function ownProposal(actor: Actor, proposalId: string): Promise<Proposal> {
    const [proposal, entry] = await Promise.all([
      repository.proposal(proposalId),
      repository.entry(actor.userId),
    ]);
    if (proposal?.people.includes(actor.userId) !== true || entry?.orgId !== actor.orgId)
      throw notFound("This proposal");
    return proposal;
  }

  async function record(proposal: Proposal, userId: UserId, outcome: "accepted" | "declined"): Promise<void> {
    const { id, factors, weights: used } = proposal;
    const createdAt = clock.now();
    await outcomes.record({ userId, matchId: id, outcome, features: factors, weights: used, createdAt });
  }

  async function view({ userId, orgId }: Actor): Promise<QueueView> {
    await mirror.sync();
    const entry = await repository.entry(userId);
    if (entry === null) return emptyView("none");
    if (entry.orgId !== orgId) return emptyView(entry.status === "waiting" ? "elsewhere" : "none");
    const { availableFrom, availableTo, roles, wishes, createdAt } = entry;
    const stay = { availableFrom, availableTo, roles, wishes, since: createdAt };
    if (entry.status === "matched") return { ...emptyView("none", stay), ...(await matchOf(entry)) };
    if (entry.status !== "waiting") return emptyView(entry.status, stay);
    const proposals = await repository.openProposalsOf(userId);
    const outlook = mirror.outlook(userId);
    const waitedSeconds = (clock.now().getTime() - createdAt.getTime()) / 1_000;
    return {
      ...emptyView("waiting", stay),
      estimateSeconds: outlook === null ? null : times.estimate({ ...outlook, waitedSeconds }),
      proposals: proposals
        .filter(({ expiresAt }) => expiresAt > clock.now())
        .slice(0, proposalsMost)
        .flatMap((proposal) => viewOf(proposal, userId)),
      fitting: outlook?.fitting ?? 0,
      widen: outlook === null ? [] : outlook.widen.map(widenText),
    };
  }

  /** Nothing where the other one's account, and with it the proposal, is gone. */
  async function matchOf({ matchId, matchedWith }: QueueEntry): Promise<Partial<QueueView>> {
    const proposal = matchId === null ? null : await repository.proposal(matchId);
    if (proposal === null || matchedWith === null) return {};
    const { meetingId, plan } = proposal;
    return { status: "matched", match: { with: matchedWith, meetingId, startsAt: plan.startsAt } };
  }

  function viewOf(proposal: Proposal, userId: UserId): ProposalView[] {
    const other = proposal.people.find((each) => each !== userId);
    if (other === undefined) return [];
    const [viewer, theirs] = [mirror.person(userId), mirror.person(other)];
    if (viewer === null || theirs === null) return [];
    // As it was made: the organisation may have others by now.
    const { weights } = proposal;
    const score = scorePair(viewer, theirs, mirror.pastOf(userId, other), {
      weights,
      now: proposal.createdAt.getTime(),
    });
    return [
      {
        id: proposal.id,
        with: other,
        reasons: reasonsOf(score, { viewer, other: theirs }, weights).map(({ text }) => text),
        startsAt: proposal.plan.startsAt,
        accepted: proposal.acceptedBy.includes(userId),
        acceptedByThem: proposal.acceptedBy.includes(other),
        expiresAt: proposal.expiresAt,
      },
    ];
  }

  /** For whoever may not be here any more, too. */
  async function withdraw(userId: UserId): Promise<void> {
    for (;;) {
      const entry = await repository.entry(userId);
      if (entry?.status !== "waiting") break;
      if (await repository.leave(userId, entry.entryId, "cancelled", clock.now())) {
        ports.happened("left");
        break;
      }
      if (entry.heldBy !== null) await freeFrom(parts, userId, entry.heldBy);
    }
    // Also where another process was quicker: it may have died in between.
    await closeOthers(userId, null);
    mirror.markStale([userId]);
    await mirror.sync();
    ports.changed([userId]);
  }

  async function endOverdue(): Promise<void> {
    const now = clock.now();
    for (const proposal of await repository.overdueProposals(now, roundLimit))
      if (await repository.close(proposal.id, { state: "expired" }, now)) ports.changed(proposal.people);
    for (const entry of await repository.overdueEntries(now, roundLimit))
      if (await repository.leave(entry.userId, entry.entryId, "expired", now)) {
        ports.happened("expired");
        await closeOthers(entry.userId, null);
        ports.changed([entry.userId]);
      }
  }

  return {
    view,
    withdraw,

    /** Throws CONFLICT where one waits already, FORBIDDEN where one may not be matched. */
    async enter(actor: Actor, input: EnterQueue): Promise<QueueView> {
      const now = clock.now();
      const [fromMs, toMs] = [input.availableFrom.getTime(), input.availableTo.getTime()];
      if (toMs - Math.max(fromMs, now.getTime()) < requirements.lengthMs)
        throw new AppError("VALIDATION_ERROR", "Your time is too short for a meeting: make it longer.");
      if (toMs - now.getTime() > stayMostMs)
        throw new AppError("VALIDATION_ERROR", "Nobody waits for longer than a day: choose an earlier end.");
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
      ports.happened("entered");
      await mirror.sync();
      await proposeTo(actor.userId);
      ports.changed([actor.userId]);
      return await view(actor);
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
      ports.happened("accepted");
      await record(proposal, actor.userId, "accepted");
      if (proposal.acceptedBy.length === 2) await finish(proposal);
      else ports.changed(proposal.people);
      return await view(actor);
    },

    async decline(actor: Actor, proposalId: string): Promise<QueueView> {
      const proposal = await ownProposal(actor, proposalId);
      const { userId } = actor;
      if (await repository.close(proposalId, { state: "declined", declinedBy: userId }, clock.now())) {
        ports.happened("declined");
        await record(proposal, userId, "declined");
        await mirror.sync();
        for (const each of proposal.people) await proposeTo(each);
        ports.changed(proposal.people);
      }
      return await view(actor);
    },

    /** Leaving what one is not in changes nothing; whoever is matched meanwhile sees the match. */
    async leave(actor: Actor): Promise<QueueView> {
      await withdraw(actor.userId);
      return await view(actor);
    },

    /** Nobody waits from this organisation any more. */
    async withdrawAll(orgId: string): Promise<void> {
      for (const userId of await repository.waitingFrom(orgId)) await withdraw(userId);
    },

    /** Where somebody waits from this organisation, they do not any more. */
    async withdrawFrom(userId: UserId, orgId: string): Promise<void> {
      if ((await repository.entry(userId))?.orgId === orgId) await withdraw(userId);
    },

    /** What stands between these two has changed. */
    async separate(one: UserId, other: UserId): Promise<void> {
      mirror.markStale([one, other]);
      for (const proposal of await repository.openProposalsOf(one)) {
        if (!proposal.people.includes(other) || (await ports.mayMeet(one, other))) continue;
        if (await repository.close(proposal.id, { state: "void" }, clock.now()))
          ports.changed(proposal.people);
      }
      await mirror.sync();
    },

    /** What somebody tells of themselves has changed. */
    async renew(userId: UserId): Promise<void> {
      mirror.markStale([userId]);
      await mirror.sync();
    },

    /** Rises when somebody comes or goes: what everybody sees may be another then. */
    version: () => mirror.version(),
    waiting: () => mirror.size(),

    /**
     * Regular work, which any process may do at any time: finishes what broke off, ends what is over, fills free cards.
     * What fails is told at the end, and harms nothing else.
     */
    async tick(): Promise<void> {
      const failures: unknown[] = [];
      const attempt = async (work: () => Promise<void>) => {
        try {
          await work();
        } catch (error) {
          failures.push(error);
        }
      };
      for (const proposal of await repository.unfinished(roundLimit)) await attempt(() => finish(proposal));
      for (const { userId, heldBy } of await repository.held(roundLimit))
        if (heldBy !== null) await attempt(() => freeFrom(parts, userId, heldBy));
      await attempt(endOverdue);
      await mirror.sync();
      for (const userId of mirror.withFreeCards(proposalsMost)) await attempt(() => proposeTo(userId));
      if (failures.length > 0) throw new AggregateError(failures, "Some of the queue's work failed.");
    },
  };
}
