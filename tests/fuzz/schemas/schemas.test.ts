// A few generated inputs to everything that takes any; `npm run fuzz -- schemas` makes as many as one wants.
import { expect, test } from "vitest";
import { sizeOf } from "../../factories/figures.ts";
import { describeSchemaFuzz, runSchemaFuzz } from "./run.ts";

const inputs = sizeOf("FUZZ_INPUTS", 1_500);
const seed = sizeOf("FUZZ_SEED", 1);

test(
  `[FUZZ-1] [FUZZ-2] [FUZZ-3] [FUZZ-4] ${inputs} generated inputs: no fault of ours, no hang, no look inside, and all is sound afterwards`,
  { timeout: 120_000 + inputs * 200 },
  async () => {
    const result = await runSchemaFuzz({ inputs, seed });
    expect(result.tally.failures, describeSchemaFuzz(result)).toEqual([]);
    expect(result.tally.inputs).toBeGreaterThanOrEqual(inputs);
    // The inputs got behind the door.
    expect(result.tally.outcomesOf("event meeting:join").get("done")).toBeGreaterThan(0);
    expect(result.tally.outcomesOf("GraphQL").get("answered")).toBeGreaterThan(0);
    expect(result.tally.outcomesOf("workosWebhook, signed").get("2xx")).toBeGreaterThan(0);
    expect(result.tally.outcomesOf("frames of notes").get("survived")).toBeGreaterThan(0);
  },
);
