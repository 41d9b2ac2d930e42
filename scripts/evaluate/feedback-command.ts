// `npm run evaluate -- feedback`: questions, reflections and talk types against the labels of experts.
import { stat, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { textOption, type Benchmark } from "../bench/benchmark.ts";
import { behaviourModels, type BehaviourModels } from "../../server/modules/feedback/index.ts";
import { readAnnotatedConversations, type AnnotatedConversation } from "./annotated-conversations.ts";
import {
  crossValidate,
  evaluateModel,
  folds,
  learn,
  tasks,
  type Evaluated,
  type Task,
  type TaskName,
} from "./behaviours.ts";
import type { Scores } from "./scores.ts";

const weightsFile = join(import.meta.dirname, "..", "..", "server", "modules", "feedback", "weights.json");

/** Macro F1 that others have published for the same labels, on a split of their own of the whole set. */
const published: Partial<Record<TaskName, string>> = {
  behaviour: "fine-tuned BERT, Wu et al. 2023: about 0.72",
  talk: "fine-tuned BERT, Wu et al. 2023: about 0.55",
};

export const feedbackEvaluation: Benchmark = {
  help: `--data PATH [--train]
  --data   a CSV file with AnnoMI's columns, or a directory that holds such files
  --train  afterwards learn from all of it, and write the weights that the product uses`,
  options: { data: { type: "string" }, train: { type: "boolean", default: false } },
  async run(values, progress) {
    const path = textOption(values, "data");
    if (path === undefined) throw new Error("--data PATH is missing: the conversations to measure on.");
    const conversations = await readAll(path);
    if (conversations.length < folds)
      throw new Error(`At least ${folds} conversations are needed; there are ${conversations.length}.`);
    const results = Object.entries(tasks).map(([name, task]: [string, Task]) => {
      progress(`${task.name} …`);
      return { task, result: evaluateTask(name as TaskName, task, conversations) };
    });
    if (values["train"] === true) await writeWeights(conversations);
    return {
      text: results.map(({ task, result }) => describe(task, result)).join("\n\n"),
      result: { conversations: conversations.length, tasks: results.map(({ result }) => result) },
      failed: false,
    };
  },
};

interface TaskResult {
  name: TaskName;
  heldOut: Evaluated;
  /** The weights that the product comes with, on conversations that they were not learned from. */
  shipped: { conversations: number; scores: Scores; withoutPunctuation: Scores } | null;
}

function evaluateTask(name: TaskName, task: Task, conversations: AnnotatedConversation[]): TaskResult {
  const unseen = conversations.filter(({ id }) => !behaviourModels.learnedFrom.includes(id));
  const judged = unseen.length === 0 ? null : evaluateModel(unseen, task, behaviourModels[name]);
  return {
    name,
    heldOut: crossValidate(conversations, task),
    shipped:
      judged === null
        ? null
        : {
            conversations: unseen.length,
            scores: judged.model,
            withoutPunctuation: judged.withoutPunctuation,
          },
  };
}

/** The files are told by their columns; conversations that stand in several count once. */
async function readAll(path: string): Promise<AnnotatedConversation[]> {
  const files = (await stat(path)).isDirectory()
    ? (await readdir(path, { recursive: true }))
        .filter((name) => name.endsWith(".csv"))
        .map((name) => join(path, name))
    : [path];
  const all = await Promise.all(files.sort().map(readAnnotatedConversations));
  return [...new Map(all.flat().map((conversation) => [conversation.id, conversation])).values()];
}

async function writeWeights(conversations: AnnotatedConversation[]): Promise<void> {
  const models: BehaviourModels = {
    learnedFrom: conversations.map(({ id }) => id).sort(),
    behaviour: learn(conversations, tasks.behaviour) as BehaviourModels["behaviour"],
    question: learn(conversations, tasks.question) as BehaviourModels["question"],
    talk: learn(conversations, tasks.talk) as BehaviourModels["talk"],
  };
  await writeFile(weightsFile, `${JSON.stringify(models)}\n`);
}

function describe(task: Task, { name, heldOut, shipped }: TaskResult): string {
  const lines = [
    `${task.name}: ${heldOut.turns} turns, each judged by a model that has not seen its conversation (${folds} parts)`,
    "",
    `  ${"label".padEnd(18)} ${"turns".padStart(6)} precision  recall     F1`,
    ...heldOut.model.labels.map(
      ({ label, support, precision, recall, f1 }) =>
        `  ${label.padEnd(18)} ${String(support).padStart(6)}      ${figure(precision)}   ${figure(recall)}  ${figure(f1)}`,
    ),
    "",
    `  ${"".padEnd(44)}  macro F1  accuracy`,
    row("ours, held back", heldOut.model),
    row("ours, held back, without punctuation", heldOut.withoutPunctuation),
  ];
  if (shipped === null)
    lines.push("  the shipped weights were learned from all of these: not measured on them");
  else {
    lines.push(row(`shipped weights, ${shipped.conversations} conversations new to them`, shipped.scores));
    lines.push(row("the same, without punctuation", shipped.withoutPunctuation));
  }
  for (const { name: baseline, scores } of heldOut.baselines) lines.push(row(baseline, scores));
  const theirs = published[name];
  if (theirs !== undefined) lines.push(`  published: ${theirs}`);
  return lines.join("\n");
}

function row(name: string, { macroF1, accuracy }: Scores): string {
  return `  ${name.padEnd(44)}      ${figure(macroF1)}      ${figure(accuracy)}`;
}

function figure(ratio: number): string {
  return ratio.toFixed(2);
}
