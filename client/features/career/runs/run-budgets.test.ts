import { expect, test } from "vitest";
import {
  defaultSelectionConfig,
  selectionConfigSchema,
} from "../../../../shared/schemas/career/selection.ts";
import { configOf, fieldsOf } from "./run-budgets.ts";

const fields = fieldsOf(defaultSelectionConfig);

test("what nobody touched is the configuration as it was", () => {
  expect(configOf(defaultSelectionConfig, fields)).toEqual(defaultSelectionConfig);
});

test("a minimum follows its maximum down", () => {
  const config = configOf(defaultSelectionConfig, { ...fields, words: "120", experience: "2" });
  expect(config?.budgets).toMatchObject({
    ...{ targetResumeWordsMin: 120, targetResumeWordsMax: 120 },
    ...{ experienceBulletsMin: 2, experienceBulletsMax: 2 },
  });
  expect(selectionConfigSchema.safeParse(config).success).toBe(true);
});

test.each([
  ["words", ""],
  ["experience", "-1"],
  ["projects", "1.5"],
  ["perRequirement", "0"],
  ["cover", "2"],
  ["cover", ""],
])("%s of %j is no configuration", (name, value) => {
  expect(configOf(defaultSelectionConfig, { ...fields, [name]: value })).toBeNull();
});
