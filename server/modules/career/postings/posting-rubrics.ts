// Rubrics of postings: made once for a text and what makes them, by rules or by a model, and kept.
import { createHash } from "node:crypto";
import type { PostingRubric, RubricMaker } from "../../../../shared/schemas/career/postings.ts";
import type { Rubric } from "../../../../shared/schemas/career/rubric.ts";
import { AppError } from "../../../../shared/errors.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Metrics } from "../../../platform/metrics.ts";
import type { FieldCipher } from "../../../platform/privacy/field-cipher.ts";
import { wordsOf } from "../../../platform/text/words.ts";
import type { CareerOwner } from "../career.policy.ts";
import { rubricOf, rubricVersion } from "../rubric/rubric.ts";
import type { PostingsRepository, StoredPosting, StoredRubric } from "./postings.repository.ts";

/** A language model that reads a posting; every quote it gives back is in the text already. */
export interface RubricWriter {
  name: string;
  /** Of prompt, schema and model: another one makes another rubric. */
  promptHash: string;
  version: string;
  /** Throws where the model does not answer, or the day's budget is spent. */
  write(
    text: string,
    context: CareerOwner,
  ): Promise<{
    rubric: Pick<Rubric, "requirements" | "keywords" | "constraints" | "notes">;
    droppedQuotes: number;
  }>;
}

/** Whoever has the store alone cannot ask it whether it holds a certain posting. */
export type KeyedHashes = Pick<FieldCipher, "hashOfContent">;

export interface RubricsParts {
  hashes: KeyedHashes;
  repository: Pick<PostingsRepository, "rubric" | "latestRubric" | "putRubric">;
  writer: RubricWriter | null;
  mayUseModel(owner: CareerOwner): Promise<boolean>;
  clock: Clock;
  metrics: Metrics;
}

export function createRubrics({ repository, writer, mayUseModel, hashes, clock, metrics }: RubricsParts) {
  const made = metrics.counter("career_rubrics_made_total", "Rubrics by who made them and what came of it", [
    "by",
    "outcome",
  ]);
  const dropped = metrics.counter(
    "career_rubric_quotes_dropped_total",
    "Quotes of a model that are not in the posting",
  );

  const idOf = ({ id, extractedText }: StoredPosting, maker: string) =>
    hashes.hashOfContent(
      createHash("sha256")
        .update([id, hashOf(extractedText), maker].join("\n"))
        .digest("hex"),
    );

  async function byRules(posting: StoredPosting): Promise<StoredRubric> {
    const id = idOf(posting, rubricVersion);
    const there = await repository.rubric(posting, id);
    if (there !== null) return withMeta(there, posting);
    const rubric = rubricOf(plain(posting));
    return await keep(posting, {
      id,
      madeBy: "rules",
      generatedBy: "rules",
      promptHash: null,
      droppedQuotes: 0,
      rubric,
    });
  }

  /** Null where none may or can. */
  async function byModel(posting: StoredPosting): Promise<StoredRubric | null> {
    if (writer === null || !(await mayUseModel(posting))) return null;
    const { name, promptHash, version } = writer;
    const id = idOf(posting, promptHash);
    const there = await repository.rubric(posting, id);
    if (there !== null) return withMeta(there, posting);
    try {
      const { rubric, droppedQuotes } = await writer.write(posting.extractedText, posting);
      dropped.inc({}, droppedQuotes);
      const whole = { ...rubric, version, jobMeta: jobMetaOf(posting) };
      return await keep(posting, {
        id,
        madeBy: "model",
        generatedBy: name,
        promptHash,
        droppedQuotes,
        rubric: whole,
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      made.inc({ by: "model", outcome: error.code });
      return null;
    }
  }

  async function keep(
    { userId, orgId, id: jobId, descriptionHash }: StoredPosting,
    parts: Pick<StoredRubric, "id" | "madeBy" | "generatedBy" | "promptHash" | "droppedQuotes" | "rubric">,
  ): Promise<StoredRubric> {
    const stored: StoredRubric = {
      ...parts,
      userId,
      orgId,
      jobId,
      descriptionHash,
      rubricHash: hashes.hashOfContent(rubricHashOf(parts.rubric)),
      createdAt: clock.now(),
    };
    await repository.putRubric(stored);
    made.inc({ by: parts.madeBy, outcome: "made" });
    return stored;
  }

  async function of(
    posting: StoredPosting,
    by?: RubricMaker,
  ): Promise<{ stored: StoredRubric; note: string | null }> {
    if (by === "rules") return { stored: await byRules(posting), note: null };
    if (by === "model") {
      const stored = await byModel(posting);
      if (stored !== null) return { stored, note: null };
      return { stored: await byRules(posting), note: writer === null ? noModel : modelFailed };
    }
    const { descriptionHash } = posting;
    const latest = await repository.latestRubric(posting, posting.id, { descriptionHash, madeBy: "model" });
    return { stored: latest === null ? await byRules(posting) : withMeta(latest, posting), note: null };
  }

  return {
    of,
    async view(posting: StoredPosting, by?: RubricMaker): Promise<PostingRubric> {
      const { stored, note } = await of(posting, by);
      const { rubric, madeBy, generatedBy, rubricHash, promptHash, droppedQuotes, createdAt } = stored;
      const available = writer !== null && (await mayUseModel(posting)) ? "model" : "rules";
      return {
        rubric,
        madeBy,
        generatedBy,
        rubricHash,
        promptHash,
        droppedQuotes,
        available,
        note,
        createdAt: createdAt.toISOString(),
      };
    },
  };
}

const noModel = "No language model is set up here: the rules have read it.";
const modelFailed =
  "The language model may not read it or did not answer: the rules have read it. You can try again later.";

/** The same words in the same order are the same posting, whatever their spaces and marks. */
export function hashOf(text: string): string {
  return createHash("sha256").update(wordsOf(text).join(" ").toLowerCase()).digest("hex");
}

/** Of what is asked for, wherever the posting stands and whatever it is called. */
function rubricHashOf({ requirements, keywords, constraints }: Rubric): string {
  return createHash("sha256")
    .update(JSON.stringify([requirements, keywords, constraints]))
    .digest("hex");
}

function jobMetaOf(posting: StoredPosting): Rubric["jobMeta"] {
  return rubricOf({ ...plain(posting), extractedText: "" }).jobMeta;
}

/** Its owner may have called it otherwise since. */
function withMeta(stored: StoredRubric, posting: StoredPosting): StoredRubric {
  return { ...stored, rubric: { ...stored.rubric, jobMeta: jobMetaOf(posting) } };
}

/** Without what is null. */
function plain(posting: StoredPosting) {
  const { title, rawDescription, extractedText, jobUrl, platform } = posting;
  const { company, location, employmentType, seniority } = posting;
  return {
    title,
    rawDescription,
    extractedText,
    jobUrl,
    platform,
    ...(company === null ? {} : { company }),
    ...(location === null ? {} : { location }),
    ...(employmentType === null ? {} : { employmentType }),
    ...(seniority === null ? {} : { seniority }),
  };
}
