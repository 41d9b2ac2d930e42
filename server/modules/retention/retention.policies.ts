// Which terms count where: the installation's settings, what organisations decide within them, and the wait before a shorter one.
import { AppError } from "../../../shared/errors.ts";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import {
  isShorter,
  isShorteningPhrase,
  retentionKinds,
  shorterOf,
  shorteningPhrase,
  type ChangeRetention,
  type ProposedTerms,
  type RetentionKind,
  type RetentionPolicy,
} from "../../../shared/schemas/retention.ts";
import type { Clock } from "../../platform/clock.ts";
import type { AuditService } from "../audit/index.ts";
import type { PoliciesRepository, PolicyOwner, StoredPolicy } from "./retention.policies.mongo.ts";
import {
  changedTerm,
  daysThatCount,
  decidedIn,
  forGood,
  keptUntil,
  settled,
  type Term,
} from "./retention.terms.ts";

/** A meeting as terms see it: one that is to come or runs has not ended. */
export interface EndedMeeting {
  orgId: OrgId | null;
  endedAt: Date | null;
}

/** In days, null for good. */
export type KindDays = Readonly<Record<RetentionKind, number | null>>;

export interface RetentionPolicies {
  /** Takes over what the installation is set to. May be repeated, and by several at once. */
  adopt(): Promise<void>;
  /** What counts for an organisation, and for meetings of none. Cached for half a minute. */
  daysOf(orgId: OrgId | null): Promise<KindDays>;
  /** The same for all, read anew: what is not in it is as for null. */
  allDays(): Promise<ReadonlyMap<OrgId | null, KindDays>>;
  /** What of the meeting is kept no longer, whether it was deleted already or not. */
  over(meeting: EndedMeeting): Promise<ReadonlySet<RetentionKind>>;
  /** Until when what is kept, where it has a term. */
  untilOf(meeting: EndedMeeting): Promise<{ kind: RetentionKind; until: Date }[]>;
  policy(orgId: OrgId): Promise<Omit<RetentionPolicy, "lastRunAt">>;
  /** Which of these would be kept for a shorter time than is decided now. */
  shortened(orgId: OrgId, terms: ProposedTerms): Promise<RetentionKind[]>;
  /** What would count if these terms did. */
  proposed(orgId: OrgId, terms: ProposedTerms): Promise<KindDays>;
  /** Throws CONFLICT where somebody else was first, VALIDATION_ERROR beyond the installation's term or without the phrase. */
  change(actor: { userId: UserId; orgId: OrgId }, change: ChangeRetention): Promise<void>;
}

/** Prompts had their term before there was a wait, and their own job keeps it. */
const atOnce: readonly RetentionKind[] = ["prompts"];
const keptMs = 30_000;
const cachedMost = 5_000;
const triesMost = 5;
const nothingOver: ReadonlySet<RetentionKind> = new Set();

export function createRetentionPolicies({
  repository,
  environment,
  graceMs,
  clock,
  audit,
}: {
  repository: PoliciesRepository;
  /** What the installation is set to. */
  environment: KindDays;
  graceMs: number;
  clock: Clock;
  audit: Pick<AuditService, "record">;
}): RetentionPolicies {
  const cache = new Map<PolicyOwner, { policy: StoredPolicy | null; readMs: number }>();

  async function read(owner: PolicyOwner): Promise<StoredPolicy | null> {
    const known = cache.get(owner);
    if (known !== undefined && clock.monotonicMs() - known.readMs < keptMs) return known.policy;
    const readMs = clock.monotonicMs();
    const policy = await repository.find(owner);
    if (cache.size >= cachedMost) cache.clear();
    cache.set(owner, { policy, readMs });
    return policy;
  }

  async function readNew(owner: PolicyOwner): Promise<StoredPolicy | null> {
    cache.delete(owner);
    return read(owner);
  }

  const termIn = (policy: StoredPolicy | null, kind: RetentionKind): Term =>
    policy?.terms.get(kind) ?? forGood;

  function count(own: StoredPolicy | null, installation: StoredPolicy | null): KindDays {
    const now = clock.now();
    return together(eachKind((kind) => daysThatCount(termIn(own, kind), termIn(installation, kind), now)));
  }

  async function daysOf(orgId: OrgId | null): Promise<KindDays> {
    const [installation, own] = await Promise.all([read(null), orgId === null ? null : read(orgId)]);
    return count(own, installation);
  }

  async function untilOf({ orgId, endedAt }: EndedMeeting) {
    if (endedAt === null) return [];
    const days = await daysOf(orgId);
    return retentionKinds.flatMap((kind) => {
      const term = days[kind];
      return term === null ? [] : [{ kind, until: keptUntil(endedAt, term) }];
    });
  }

  function assertWithin(terms: ProposedTerms, installation: StoredPolicy | null): void {
    for (const kind of retentionKinds) {
      const [days, most] = [terms[kind], settled(termIn(installation, kind), clock.now()).days];
      if (days === undefined || days === null || most === null || days <= most) continue;
      throw new AppError("VALIDATION_ERROR", `This installation keeps this for at most ${most} days.`, {
        details: { field: kind, most },
      });
    }
  }

  /** In the end: where the installation keeps it for no longer, nothing is. */
  function shortenedIn(
    own: StoredPolicy | null,
    installation: StoredPolicy | null,
    terms: ProposedTerms,
  ): RetentionKind[] {
    return retentionKinds.filter((kind) => {
      const days = terms[kind];
      const decided = shorterOf(decidedIn(termIn(own, kind)), decidedIn(termIn(installation, kind)));
      return days !== undefined && isShorter(days, decided);
    });
  }

  function changedTerms(own: StoredPolicy | null, terms: ProposedTerms): Map<RetentionKind, Term> {
    const now = clock.now();
    const changed = new Map([...(own?.terms ?? [])].map(([kind, term]) => [kind, settled(term, now)]));
    for (const kind of retentionKinds) {
      const days = terms[kind];
      if (days !== undefined)
        changed.set(kind, changedTerm(changed.get(kind) ?? forGood, days, { now, graceMs }));
    }
    return changed;
  }

  return {
    async adopt() {
      for (let tries = 0; tries < triesMost; tries += 1) {
        const before = await readNew(null);
        const now = clock.now();
        const terms = new Map(
          retentionKinds.map((kind) => {
            const days = environment[kind];
            const changed = changedTerm(termIn(before, kind), days, { now, graceMs });
            return [kind, atOnce.includes(kind) ? { days, next: null } : changed] as const;
          }),
        );
        const moved = retentionKinds.filter((kind) => decidedIn(termIn(before, kind)) !== environment[kind]);
        if (before !== null && moved.length === 0) return;
        const version = (before?.version ?? 0) + 1;
        const policy = { owner: null, version, terms, updatedBy: null, updatedAt: now };
        if (!(await repository.write(policy))) continue;
        cache.delete(null);
        if (moved.length > 0)
          await audit.record({
            actorUserId: null,
            orgId: null,
            resourceType: "retention",
            resourceId: "installation",
            action: "retention.change",
            outcome: "done",
            metadata: Object.fromEntries(moved.map((kind) => [kind, environment[kind]])),
          });
        return;
      }
      throw new AppError("CONFLICT", "Other processes change the terms of the installation all the time.");
    },

    daysOf,
    untilOf,

    async allDays() {
      const all = await repository.all();
      const installation = all.find(({ owner }) => owner === null) ?? null;
      return new Map<OrgId | null, KindDays>([
        [null, count(null, installation)],
        ...all
          .filter(({ owner }) => owner !== null)
          .map((policy) => [policy.owner, count(policy, installation)] as const),
      ]);
    },

    async over(meeting) {
      if (meeting.endedAt === null) return nothingOver;
      const now = clock.now();
      const over = (await untilOf(meeting)).filter(({ until }) => until <= now);
      return over.length === 0 ? nothingOver : new Set(over.map(({ kind }) => kind));
    },

    async policy(orgId) {
      const [installation, own] = await Promise.all([readNew(null), readNew(orgId)]);
      const now = clock.now();
      const days = count(own, installation);
      return {
        version: own?.version ?? 0,
        graceHours: graceMs / 3_600_000,
        kinds: retentionKinds.map((kind) => {
          const { days: ownDays, next } = settled(termIn(own, kind), now);
          return {
            kind,
            own: ownDays,
            next: next === null ? null : { days: next.days, from: next.from.toISOString() },
            most: settled(termIn(installation, kind), now).days,
            days: days[kind],
          };
        }),
        changedAt: own?.updatedAt.toISOString() ?? null,
      };
    },

    async shortened(orgId, terms) {
      const [installation, own] = await Promise.all([readNew(null), readNew(orgId)]);
      return shortenedIn(own, installation, terms);
    },

    async proposed(orgId, terms) {
      const [installation, own] = await Promise.all([readNew(null), readNew(orgId)]);
      assertWithin(terms, installation);
      const now = clock.now();
      return together(
        eachKind((kind) => {
          const decided = decidedIn(termIn(own, kind));
          const days = terms[kind] === undefined ? decided : (terms[kind] ?? null);
          return daysThatCount({ days, next: null }, termIn(installation, kind), now);
        }),
      );
    },

    async change(actor, { version, terms, confirmation }) {
      const [installation, own] = await Promise.all([readNew(null), readNew(actor.orgId)]);
      assertWithin(terms, installation);
      const stored = own?.version ?? 0;
      // The same once more, as its answer was lost: it is done.
      if (stored === version + 1 && own?.updatedBy === actor.userId && isDecided(own, terms)) return;
      if (stored !== version) throw changedMeanwhile();
      const shortened = shortenedIn(own, installation, terms);
      if (shortened.length > 0 && !isShorteningPhrase(confirmation ?? ""))
        throw new AppError("VALIDATION_ERROR", `Type “${shorteningPhrase}” to keep it for a shorter time.`, {
          details: { field: "confirmation" },
        });
      const policy = {
        owner: actor.orgId,
        version: version + 1,
        terms: changedTerms(own, terms),
        updatedBy: actor.userId,
        updatedAt: clock.now(),
      };
      const written = await repository.write(policy);
      cache.delete(actor.orgId);
      if (!written) throw changedMeanwhile();
      await audit.record({
        actorUserId: actor.userId,
        resourceType: "retention",
        resourceId: actor.orgId,
        action: "retention.change",
        outcome: "done",
        metadata: { ...metadataOf(terms), shortened: shortened.length },
      });
    },
  };
}

function metadataOf(terms: ProposedTerms): Record<string, number | null> {
  return Object.fromEntries(
    retentionKinds.flatMap((kind) => {
      const days = terms[kind];
      return days === undefined ? [] : [[kind, days] as const];
    }),
  );
}

function isDecided(policy: StoredPolicy, terms: ProposedTerms): boolean {
  return retentionKinds.every(
    (kind) => terms[kind] === undefined || decidedIn(policy.terms.get(kind) ?? forGood) === terms[kind],
  );
}

/** A review shows places in the transcript: without it there is nothing to show. */
function together(days: KindDays): KindDays {
  return { ...days, reviews: shorterOf(days.reviews, days.transcript) };
}

function eachKind<Value>(of: (kind: RetentionKind) => Value): Record<RetentionKind, Value> {
  return Object.fromEntries(retentionKinds.map((kind) => [kind, of(kind)])) as Record<RetentionKind, Value>;
}

function changedMeanwhile(): AppError {
  return new AppError("CONFLICT", "Somebody else has changed the terms meanwhile: look at them again.");
}
