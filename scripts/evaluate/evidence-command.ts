// `npm run evaluate -- evidence`: how far the tiers of the evidence rules agree with labels of a person's, beside a majority baseline.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { evidenceOf } from "../../server/modules/career/evidence/score.ts";
import type { Benchmark } from "../bench/benchmark.ts";
import { table } from "../bench/statistics.ts";
import { agreementOf, orderedShare } from "./agreement.ts";

const tiers = ["weak", "medium", "strong"] as const;
type Tier = (typeof tiers)[number];
const ownBullets = join(import.meta.dirname, "..", "..", "tests", "bullets");

export const evidenceEvaluation: Benchmark = {
  help: `[--data DIRECTORY]
  --data  texts (*.txt), one for each occupation, each line a label (weak, medium, strong), a space and a bullet; without it those in tests/bullets`,
  options: { data: { type: "string" } },
  async run(values) {
    const given = values["data"];
    const own = (name: string) => join(ownBullets, name);
    const parts =
      given === undefined
        ? [
            { name: "held back: nothing was set with them", directory: own("held-back") },
            { name: "development: the tiers were set with them", directory: own("development") },
          ]
        : [{ name: String(given), directory: String(given) }];
    const measured = await Promise.all(
      parts.map(async ({ name, directory }) => ({ name, ...measure(await labelledBullets(directory)) })),
    );
    const said = [
      "The labels are ours, of one hand, made by the guideline in tests/bullets before the rules scored them. The majority's",
      "tier is what most of the same bullets are labelled.",
    ].join("\n");
    return {
      text: `${measured.map(textOf).join("\n\n")}\n\n${said}`,
      result: { parts: measured },
      failed: measured.some(({ rules, baseline }) => rules.kappa <= baseline.kappa),
    };
  },
};

type LabelledBullet = { occupation: string; label: Tier; text: string };

function measure(bullets: readonly LabelledBullet[]) {
  const graded = bullets.map(({ occupation, label, text }) => {
    const { score, tier } = evidenceOf(text);
    return { occupation, label: tiers.indexOf(label), tier: tiers.indexOf(tier), score };
  });
  const majority = mostFrequent(bullets.map(({ label }) => label));
  const of = (some: typeof graded) =>
    agreementOf(
      some.map(({ label, tier }) => [label, tier]),
      tiers.length,
    );
  const occupations = [...new Set(graded.map(({ occupation }) => occupation))].map((occupation) => {
    const own = graded.filter((one) => one.occupation === occupation);
    return { occupation, bullets: own.length, ...of(own) };
  });
  return {
    bullets: graded.length,
    rules: of(graded),
    majority,
    baseline: agreementOf(
      graded.map(({ label }) => [label, tiers.indexOf(majority)]),
      tiers.length,
    ),
    occupations,
    inOrder: orderedShare(graded.map(({ label, score }) => ({ grade: label, score }))),
    confusion: tiers.map((_label, at) =>
      tiers.map((_tier, tier) => graded.filter((one) => one.label === at && one.tier === tier).length),
    ),
  };
}

function textOf({ name, ...found }: { name: string } & ReturnType<typeof measure>): string {
  const { bullets, rules, majority, baseline, occupations, inOrder, confusion } = found;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const row = (title: string, count: number, { exact, withinOne, kappa }: typeof rules) => [
    title,
    String(count),
    percent(exact),
    percent(withinOne),
    kappa.toFixed(2),
  ];
  return [
    name,
    table([
      ["", "bullets", "exact", "within one", "weighted kappa"],
      row("rules", bullets, rules),
      row(`majority (all ${majority})`, bullets, baseline),
      ...occupations.map(({ occupation, bullets: count, ...agreement }) => row(occupation, count, agreement)),
    ]),
    table([
      ["labelled, scored", ...tiers],
      ...tiers.map((label, at) => [label, ...(confusion[at] ?? []).map(String)]),
    ]),
    `Of two bullets with different labels the better one has the higher score in ${percent(inOrder)} (chance: 50 %).`,
  ].join("\n");
}

async function labelledBullets(
  directory: string,
): Promise<{ occupation: string; label: Tier; text: string }[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".txt")).sort();
  const all = await Promise.all(
    names.map(async (name) =>
      (await readFile(join(directory, name), "utf8"))
        .split(/\r?\n/u)
        .filter((line) => line.trim() !== "")
        .map((line) => {
          const [, label, text] = /^(weak|medium|strong)\s+(\S.*)$/u.exec(line) ?? [];
          if (label === undefined || text === undefined)
            throw new Error(`${name}: no label stands before "${line}".`);
          return { occupation: name.replace(/\.txt$/u, ""), label: label as Tier, text };
        }),
    ),
  );
  if (all.flat().length === 0) throw new Error("No bullet is there.");
  return all.flat();
}

function mostFrequent(labels: readonly Tier[]): Tier {
  const count = (tier: Tier) => labels.filter((label) => label === tier).length;
  return tiers.reduce((a, b) => (count(b) > count(a) ? b : a));
}
