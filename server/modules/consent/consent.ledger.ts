// The ledger of consent: decisions are only ever added, and the newest one of a person, scope and purpose counts.
import { AppError } from "../../../shared/errors.ts";
import type { ConsentAnswers } from "../../../shared/consent-rules.ts";
import {
  consentPurposes,
  consentWordings,
  presentWording,
  wordingText,
} from "../../../shared/consent-wording.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { ConsentPurpose, ConsentStanding, DecideConsent } from "../../../shared/schemas/consents.ts";
import type { Clock } from "../../platform/clock.ts";
import type { ConsentRepository, ConsentScope, Standing, StoredDecision } from "./consent.repository.ts";

export interface ConsentLedger {
  /** What each of these people has said for the meeting, their defaults taken into account. */
  answers(meetingId: MeetingId, userIds: UserId[]): Promise<Map<UserId, ConsentAnswers>>;
  /** One a purpose, with where it comes from. */
  standing(userId: UserId, scope: ConsentScope): Promise<ConsentStanding[]>;
  /**
   * Durable when it resolves; false where this was the person's answer to this wording already. Throws
   * VALIDATION_ERROR where another wording was shown than the present one, and it is no refusal.
   */
  decide(
    by: { userId: UserId; sessionId: string },
    scope: ConsentScope,
    decision: DecideConsent,
  ): Promise<boolean>;
  page: ConsentRepository["page"];
}

/** Somebody who changes their mind from several places at once takes as many turns. */
const attemptsMax = 20;
const peopleAtOnce = 200;

export async function createConsentLedger(options: {
  repository: ConsentRepository;
  clock: Clock;
}): Promise<ConsentLedger> {
  const { repository, clock } = options;
  await repository.keepWordings(
    consentPurposes.flatMap((purpose) =>
      consentWordings[purpose].map((_, index) => ({
        purpose,
        number: index + 1,
        text: wordingText(purpose, index + 1) ?? "",
      })),
    ),
  );

  return {
    async answers(meetingId, userIds) {
      const found = new Map<UserId, Standing[]>(userIds.map((userId) => [userId, []]));
      for (let start = 0; start < userIds.length; start += peopleAtOnce) {
        for (const one of await repository.standings(meetingId, userIds.slice(start, start + peopleAtOnce)))
          found.get(one.userId)?.push(one);
      }
      return new Map([...found].map(([userId, standings]) => [userId, answersOf(standings)]));
    },

    async standing(userId, scope) {
      const found =
        scope === null
          ? [await repository.standing(userId, null)]
          : await repository.standings(scope, [userId]);
      return consentPurposes.map((purpose) => standingOf(purpose, found));
    },

    async decide({ userId, sessionId }, scope, { purpose, answer, wording }) {
      // A refusal counts whatever was asked then; a consent only to what is asked now.
      const asked =
        answer === "given" ? wording === presentWording(purpose) : wordingText(purpose, wording) !== null;
      if (!asked) {
        throw new AppError(
          "VALIDATION_ERROR",
          "What is asked has changed meanwhile: please load the page again.",
          {
            details: { field: "wording" },
          },
        );
      }
      for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
        const standing = await repository.standing(userId, scope);
        const before = standing?.answers[purpose];
        if (before?.answer === answer && (answer === "refused" || before.wording === wording)) return false;
        const number = (standing?.number ?? 0) + 1;
        const decision: StoredDecision = {
          userId,
          scope,
          number,
          purpose,
          answer,
          wording,
          sessionId,
          at: clock.now(),
        };
        if (await repository.append(decision)) {
          await repository.settle(decision);
          return true;
        }
        // Somebody was first, and may have died before it was settled: done for them.
        const other = await repository.decision(userId, scope, number);
        if (other !== null) await repository.settle(other);
      }
      throw new AppError("CONFLICT", "This consent is being changed from several places. Please try again.", {
        retryable: true,
      });
    },

    page: (userId, page) => repository.page(userId, page),
  };
}

/** What counts in a meeting: what was said for it, else the default. */
function answersOf(standings: readonly Standing[]): ConsentAnswers {
  const answers = consentPurposes.map((purpose) => [purpose, standingOf(purpose, standings).answer]);
  return Object.fromEntries(answers) as ConsentAnswers;
}

function standingOf(purpose: ConsentPurpose, standings: readonly (Standing | null)[]): ConsentStanding {
  for (const from of ["meeting", "default"] as const) {
    const standing = standings.find((one) => one !== null && (one.scope === null) === (from === "default"));
    const said = standing?.answers[purpose];
    if (said !== undefined) {
      const { answer, wording, at } = said;
      return { purpose, answer, from, at: at.toISOString(), wording };
    }
  }
  return { purpose, answer: null, from: null, at: null, wording: null };
}
