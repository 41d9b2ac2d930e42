// `npm run evaluate -- enforcement`: how many planted falsehoods are caught, and how many honest paraphrases are blocked.
import { violationsOf } from "../../server/modules/career/enforcement/facts.ts";
import {
  mutationKinds,
  mutations,
  sourceOfParaphrase,
  testRules,
} from "../../server/modules/career/enforcement/testing-mutations.ts";
import { paraphrasedBullets } from "../../server/modules/career/enforcement/testing-paraphrases.ts";
import { positiveOption, type Benchmark } from "../bench/benchmark.ts";
import { table } from "../bench/statistics.ts";

const caughtTarget = 0.99;
const blockedTarget = 0.02;

export const enforcementEvaluation: Benchmark = {
  help: `[--mutations 2100] [--seed 1]
  --mutations  falsehoods that are planted, of all kinds in turn
  --seed       of what is planted where`,
  options: { mutations: { type: "string", default: "2100" }, seed: { type: "string", default: "1" } },
  run(values) {
    const planted = mutations(positiveOption(values, "seed"), positiveOption(values, "mutations"));
    const verdicts = planted.map((one) => ({
      ...one,
      caught: violationsOf(one.text, one.source, one.rules).length > 0,
    }));
    const kinds = mutationKinds.map((kind) => {
      const own = verdicts.filter((one) => one.kind === kind);
      return { kind: kind as string, planted: own.length, caught: own.filter(({ caught }) => caught).length };
    });
    const caught = verdicts.filter((one) => one.caught).length;
    const all = { kind: "all", planted: planted.length, caught };
    const honest = paraphrasedBullets.flatMap((bullet) =>
      bullet.paraphrases.map((text) => violationsOf(text, sourceOfParaphrase(bullet), testRules).length > 0),
    );
    const blocked = honest.filter((isBlocked) => isBlocked).length;
    const share = (part: number, of: number) => `${((100 * part) / Math.max(1, of)).toFixed(2)} %`;
    const text = [
      table([
        ["planted", "number", "caught", "share"],
        ...[...kinds, all].map((row) => [
          row.kind,
          String(row.planted),
          String(row.caught),
          share(row.caught, row.planted),
        ]),
      ]),
      "",
      `Honest paraphrases: ${honest.length} of ${paraphrasedBullets.length} bullets, ${blocked} blocked (${share(blocked, honest.length)}).`,
      `Wanted: at least ${100 * caughtTarget} % caught, at most ${100 * blockedTarget} % blocked. Bullets and paraphrases are our own, from many`,
      "occupations; the rules were mended on them, so that other people's will do worse.",
    ].join("\n");
    const failed = caught / planted.length < caughtTarget || blocked / honest.length > blockedTarget;
    return Promise.resolve({
      text,
      result: { kinds: [...kinds, all], honest: honest.length, blocked },
      failed,
    });
  },
};
