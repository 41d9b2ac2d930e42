// The evaluation itself: scores by hand, learning that repeats, and conversations that are judged unseen.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { classify } from "../../server/modules/feedback/linear-model.ts";
import { readAnnotatedConversations, type AnnotatedConversation } from "./annotated-conversations.ts";
import { crossValidate, tasks } from "./behaviours.ts";
import { scoresOf } from "./scores.ts";
import { train, trainingOptions } from "./softmax-regression.ts";

test("precision, recall and F1 as counted by hand", () => {
  const judged = [
    ["a", "a"],
    ["a", "b"],
    ["b", "b"],
    ["b", "b"],
    ["b", "c"],
  ].map(([expected = "", given = ""]) => ({ expected, given }));
  const { labels, macroF1, accuracy } = scoresOf(judged);
  expect(labels).toEqual([
    { label: "a", support: 2, precision: 1, recall: 0.5, f1: 2 / 3 },
    { label: "b", support: 3, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 },
  ]);
  expect([macroF1, accuracy]).toEqual([2 / 3, 0.6]);
});

test("[FEEDBACK-4] the same examples give the same weights, and what tells labels apart is learned", () => {
  const examples = Array.from({ length: 40 }, (_, index) => ({
    label: index % 4 === 0 ? "rare" : "usual",
    features: new Set([index % 4 === 0 ? "tells" : "hides", `noise ${index % 5}`]),
  }));
  const model = train(examples);
  expect(train(examples)).toEqual(model);
  expect(classify(model, new Set(["tells"])).label).toBe("rare");
  expect(classify(model, new Set(["hides"])).label).toBe("usual");
  expect(Object.keys(train(examples, { ...trainingOptions, leastExamples: 9 }).weights)).toEqual([
    "hides",
    "tells",
  ]);
  expect(() => train([])).toThrow("nothing to learn from");
});

const header =
  "transcript_id,utterance_id,interlocutor,utterance_text,main_therapist_behaviour,question_subtype,client_talk_type";

async function fileOf(lines: string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "connvo-evaluate-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, "labels.csv");
  await writeFile(file, [header, ...lines].join("\n"));
  return file;
}

test("several experts' rows are one turn with the label of most of them, in the order of the talk", async () => {
  const file = await fileOf([
    'one,1,client,"Well, ""yes""",n/a,n/a,change',
    "one,0,therapist,What now?,question,open,n/a",
    "one,0,therapist,What now?,reflection,n/a,n/a",
    "one,0,therapist,What now?,question,n/a,n/a",
  ]);
  const [conversation, ...others] = await readAnnotatedConversations(file);
  expect(others).toEqual([]);
  expect(conversation?.turns).toEqual([
    { isCoach: true, text: "What now?", behaviour: "question", question: null, talk: null },
    { isCoach: false, text: 'Well, "yes"', behaviour: null, question: null, talk: "change" },
  ]);
});

test("a label that nobody knows names its line", async () => {
  const file = await fileOf(["one,0,therapist,Hello,greeting,n/a,n/a"]);
  await expect(readAnnotatedConversations(file)).rejects.toThrow("labels.csv, line 2");
});

test("[FEEDBACK-4] a conversation is judged by what was learned from the others alone", () => {
  // Each conversation has a word of its own, which says everything to whoever has seen it.
  const conversations = Array.from({ length: 20 }, (_, index): AnnotatedConversation => {
    const turn = (text: string) => ({
      isCoach: true,
      text,
      behaviour: index % 3 === 0 ? ("question" as const) : ("other" as const),
      question: null,
      talk: null,
    });
    return { id: String(index), turns: Array.from({ length: 6 }, () => turn(`word${index}`)) };
  });
  const { turns, baselines } = crossValidate(conversations, tasks.behaviour);
  expect(turns).toBe(120);
  expect(baselines.map(({ name }) => name)).toEqual(["majority class", "bag of words and pairs"]);
  const [majority, words] = baselines.map(({ scores }) => scores.accuracy);
  expect(majority).toBeCloseTo(13 / 20);
  expect(words).toBeLessThan(0.8);
});
