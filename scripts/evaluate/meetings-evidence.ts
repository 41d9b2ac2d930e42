// Whether the turns that answer a question about a meeting are among the first ten found: ours, beside words in common and chance.
import { table } from "../bench/statistics.ts";
import { bm25Options, createWordIndex, type Bm25Options } from "../../server/modules/search/bm25.ts";
import { fuseRanks } from "../../server/modules/search/fuse.ts";
import { createLexicalEmbeddings } from "../../server/vendors/embeddings/lexical.ts";
import { contentStems, wordsOf } from "../../server/platform/text/words.ts";
import { newRandom } from "../../tests/factories/random.ts";
import type { AnnotatedMeeting } from "./annotated-meetings.ts";
import { leaveOneOut, mean, type Part } from "./meetings-parts.ts";

const found = 10;
/** Of each ranking, before they are fused. */
const candidates = 50;
const randomDraws = 200;

interface Found {
  /** 1 where one of the turns found is evidence. */
  hit: number;
  precision: number;
  /** Of as many as ten turns can hold. */
  recall: number;
}

const grid: readonly Bm25Options[] = [0.4, 0.75].flatMap((lengthShare) =>
  [1, 2, 3].flatMap((neighbours) =>
    [0.15, 0.3, 0.5].map((neighbourWeight) => ({ ...bm25Options, lengthShare, neighbours, neighbourWeight })),
  ),
);
const plain: Bm25Options = { ...bm25Options, lengthShare: 0.75, neighbours: 0 };
const kinds = [
  "held back",
  "shipped",
  "vectors without a model",
  "both, fused",
  "BM25 without context",
  "words in common",
  "random",
] as const;
type Kind = (typeof kinds)[number];

export async function measureEvidence(meetings: readonly AnnotatedMeeting[]): Promise<Part> {
  const asked = meetings.filter(({ questions }) => questions.some(({ evidence }) => evidence.size > 0));
  const tried = grid.map((options) => asked.map((meeting) => bySearch(meeting, options)));
  const chosen = leaveOneOut(
    tried.map((row) => row.map((scores) => meanOf(scores).hit + meanOf(scores).recall)),
  );
  const { vectors, fused } = await byVectors(asked);
  const judged: Record<Kind, Found[]> = {
    "vectors without a model": vectors,
    "both, fused": fused,
    "held back": asked.flatMap((_meeting, at) => tried[chosen[at] ?? 0]?.[at] ?? []),
    shipped: asked.flatMap((meeting) => bySearch(meeting, bm25Options)),
    "BM25 without context": asked.flatMap((meeting) => bySearch(meeting, plain)),
    "words in common": asked.flatMap(byCommonWords),
    random: asked.flatMap(byChance),
  };
  const average = (kind: Kind) => meanOf(judged[kind]);
  const ours = average("held back");
  const beaten = [average("words in common"), average("random")].every(
    (one) => ours.hit > one.hit && ours.recall > one.recall,
  );
  return {
    text: [
      `Evidence of ${judged.shipped.length} questions among the first ${found} turns found`,
      "",
      table([
        ["", "a hit", "precision", "recall"],
        ...kinds.map((kind) => {
          const { hit, precision, recall } = average(kind);
          return [kind, ...[hit, precision, recall].map((one) => one.toFixed(2))];
        }),
      ]),
      "",
      "  held back: context and hold on long turns chosen from the other meetings; shipped: the product's own, chosen from",
      "  all of these; without context: the usual parameters, each turn by itself.",
      `  recall: of the turns that people marked as evidence, or of ${found} of them where they marked more.`,
    ].join("\n"),
    result: Object.fromEntries(kinds.map((kind) => [kind, average(kind)])),
    failed: !beaten,
  };
}

function questionsOf({ questions }: AnnotatedMeeting) {
  return questions.filter(({ evidence }) => evidence.size > 0);
}

function bySearch(meeting: AnnotatedMeeting, options: Bm25Options): Found[] {
  const index = createWordIndex(
    meeting.turns.map(({ text }) => text),
    options,
  );
  return questionsOf(meeting).map(({ question, evidence }) =>
    score(
      index.search(question, found).map((match) => match.index),
      evidence,
    ),
  );
}

/** Vectors of counted words, alone and together with the words: why questions across calls ask vectors of a model only. */
async function byVectors(
  meetings: readonly AnnotatedMeeting[],
): Promise<{ vectors: Found[]; fused: Found[] }> {
  const { embed } = createLexicalEmbeddings();
  const context = { subject: { meetingId: null, orgId: null } };
  const vectors: Found[] = [];
  const fused: Found[] = [];
  for (const meeting of meetings) {
    const texts = meeting.turns.map(({ text }) => text);
    const said = await embed(texts, context);
    const index = createWordIndex(texts);
    for (const { question, evidence } of questionsOf(meeting)) {
      const [asked] = await embed([question], context);
      const near = said
        .map((vector, place) => ({
          place,
          cosine: vector.reduce((sum, value, at) => sum + value * (asked?.[at] ?? 0), 0),
        }))
        .sort((one, other) => other.cosine - one.cosine)
        .slice(0, candidates)
        .map(({ place }) => place);
      const words = index.search(question, candidates).map((match) => match.index);
      vectors.push(score(near.slice(0, found), evidence));
      const together = fuseRanks([words, near]);
      fused.push(score(together.slice(0, found), evidence));
    }
  }
  return { vectors, fused };
}

function byCommonWords(meeting: AnnotatedMeeting): Found[] {
  const stems = meeting.turns.map(({ text }) => new Set(contentStems(wordsOf(text))));
  return questionsOf(meeting).map(({ question, evidence }) => {
    const asked = [...new Set(contentStems(wordsOf(question)))];
    const best = stems
      .map((own, index) => ({ index, count: asked.filter((stem) => own.has(stem)).length }))
      .sort((a, b) => b.count - a.count)
      .slice(0, found);
    return score(
      best.map(({ index }) => index),
      evidence,
    );
  });
}

function byChance(meeting: AnnotatedMeeting): Found[] {
  const random = newRandom(1);
  const turns = meeting.turns.length;
  return questionsOf(meeting).map(({ evidence }) =>
    meanOf(
      Array.from({ length: randomDraws }, () => {
        const places = new Set<number>();
        while (places.size < Math.min(found, turns)) places.add(random.below(turns));
        return score([...places], evidence);
      }),
    ),
  );
}

function score(places: readonly number[], evidence: ReadonlySet<number>): Found {
  const right = places.filter((place) => evidence.has(place)).length;
  return { hit: right > 0 ? 1 : 0, precision: right / found, recall: right / Math.min(found, evidence.size) };
}

function meanOf(all: readonly Found[]): Found {
  return {
    hit: mean(all.map(({ hit }) => hit)),
    precision: mean(all.map(({ precision }) => precision)),
    recall: mean(all.map(({ recall }) => recall)),
  };
}
