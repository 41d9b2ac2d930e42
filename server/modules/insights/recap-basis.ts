// What a recap was made from: who spoke, whose words were left out, and how far the lines were corrected. It may be shown while that is so.
import { mayBeReadByMachine, noAnswers, type ConsentAnswers } from "../../../shared/consent-rules.ts";
import type { MeetingId, OrgId, UserId } from "../../../shared/ids.ts";
import type { Language, ReadingMode } from "../../vendors/language/index.ts";
import type { ConsentLedger } from "../consent/index.ts";
import type { TranscriptsService } from "../transcripts/index.ts";
import type { InsightsRepository, StoredRecap } from "./insights.repository.ts";

export interface RecapBasis {
  speakers: readonly UserId[];
  withheld: readonly UserId[];
}

/** Whose words no machine may read now, in a fixed order. */
export function withheldAmong(
  speakers: Iterable<UserId>,
  answers: ReadonlyMap<UserId, ConsentAnswers>,
  mode: ReadingMode,
): UserId[] {
  return [...new Set(speakers)]
    .filter((speaker) => !mayBeReadByMachine(answers.get(speaker) ?? noAnswers, mode))
    .sort();
}

/** Both ways: what somebody takes back goes, and what they allow after all comes. */
export function isWhatPeopleAllow(
  { speakers, withheld }: RecapBasis,
  answers: ReadonlyMap<UserId, ConsentAnswers>,
  mode: ReadingMode,
): boolean {
  const now = withheldAmong(speakers, answers, mode);
  return now.length === withheld.length && now.every((speaker) => withheld.includes(speaker));
}

/**
 * `unmade`: not made yet, or being made anew. `stale`: made from other words than people allow now. `corrected`: made from
 * lines that have been corrected since.
 */
export type RecapStanding = "unmade" | "stale" | "corrected" | "current";

export type RecapBasisCheck = ReturnType<typeof createRecapBasis>;

export function createRecapBasis(options: {
  repository: Pick<InsightsRepository, "citedSpeakers">;
  consents: Pick<ConsentLedger, "answers">;
  transcripts: Pick<TranscriptsService, "lastRevision" | "correctedAfter">;
  language: Pick<Language, "mode" | "modeIn">;
  /** Null where the meeting is gone. */
  orgOf(meetingId: MeetingId): Promise<OrgId | null>;
  /** What was said is kept no longer. */
  cannotBeMadeAnew(meetingId: MeetingId): Promise<boolean>;
}) {
  const { repository, consents, transcripts, language, orgOf, cannotBeMadeAnew } = options;

  /** What was off when it was made has waited to be made. */
  async function isOnAgain({ meetingId, mode }: StoredRecap): Promise<boolean> {
    if (mode !== "off") return false;
    return (await language.modeIn({ meetingId, orgId: await orgOf(meetingId) })) !== "off";
  }

  /** Null where it has not been made, or is being made anew. */
  async function basisOf(recap: StoredRecap): Promise<RecapBasis | null> {
    const { meetingId, status, speakers, withheld } = recap;
    if (withheld !== null) return { speakers, withheld };
    if (status !== "ready") return null;
    // Made before this was written down: then at least whoever is quoted must allow it.
    return { speakers: await repository.citedSpeakers(meetingId), withheld: [] };
  }

  async function isCorrectedSince({ meetingId, revision, begunAt }: StoredRecap): Promise<boolean> {
    if (revision !== null) return (await transcripts.lastRevision(meetingId)) !== revision;
    // Made before this was written down: what was corrected until then is in it, of what came later nobody knows.
    return await transcripts.correctedAfter(meetingId, begunAt);
  }

  return {
    async standing(recap: StoredRecap): Promise<RecapStanding> {
      const basis = await basisOf(recap);
      if (basis === null) return "unmade";
      const isFinal = await cannotBeMadeAnew(recap.meetingId);
      if (!isFinal && (await isOnAgain(recap))) return "stale";
      const answers = await consents.answers(recap.meetingId, [...basis.speakers]);
      // By what it was made with: that a model was configured since, or machines were switched off, changes nothing of it.
      const mode = recap.mode ?? language.mode;
      if (!isWhatPeopleAllow(basis, answers, mode)) {
        // What somebody allows since cannot come any more; what nobody has taken back is shown on.
        const withheld = withheldAmong(basis.speakers, answers, mode);
        if (!isFinal || withheld.some((speaker) => !basis.withheld.includes(speaker))) return "stale";
      }
      // Corrections go with the lines that they correct.
      return !isFinal && (await isCorrectedSince(recap)) ? "corrected" : "current";
    },

    withheldAmong: async (meetingId: MeetingId, speakers: Iterable<UserId>, mode: ReadingMode) => {
      const all = [...speakers];
      return withheldAmong(all, await consents.answers(meetingId, all), mode);
    },
  };
}
