// `npm run evaluate -- meetings`: topics, summaries, found evidence and action items against what people noted.
import { textOption, type Benchmark } from "../bench/benchmark.ts";
import { readAnnotatedMeetings, type AnnotatedMeeting } from "./annotated-meetings.ts";
import type { Part } from "./meetings-parts.ts";
import { measureActions } from "./meetings-actions.ts";
import { measureEvidence } from "./meetings-evidence.ts";
import { measureSummaries } from "./meetings-summaries.ts";
import { measureTopics } from "./meetings-topics.ts";

type Measure = (meetings: readonly AnnotatedMeeting[]) => Part | Promise<Part>;

const measures: Readonly<Record<string, Measure>> = {
  topics: measureTopics,
  summaries: measureSummaries,
  evidence: measureEvidence,
  actions: measureActions,
};

export const meetingsEvaluation: Benchmark = {
  help: `--data PATH [--only PART]
  --data  a directory, or one file: JSON with QMSum's fields
  --only  one of ${Object.keys(measures).join(", ")}; without it all of them`,
  options: { data: { type: "string" }, only: { type: "string" } },
  async run(values, progress) {
    const path = textOption(values, "data");
    if (path === undefined) throw new Error("--data PATH is missing: the meetings to measure on.");
    const only = textOption(values, "only");
    if (only !== undefined && !Object.hasOwn(measures, only))
      throw new Error(`--only must be one of ${Object.keys(measures).join(", ")}.`);
    const meetings = await readAnnotatedMeetings(path);
    if (meetings.length < 2) throw new Error("At least 2 meetings are needed: one is held back.");
    const parts: [string, Part][] = [];
    for (const [name, measure] of Object.entries(measures)) {
      if (only !== undefined && only !== name) continue;
      progress(`${name} of ${meetings.length} meetings …`);
      parts.push([name, await measure(meetings)]);
    }
    return {
      text: parts.map(([, { text }]) => text).join("\n\n\n"),
      result: Object.fromEntries(parts.map(([name, { result }]) => [name, result])),
      failed: parts.some(([, { failed }]) => failed),
    };
  },
};
