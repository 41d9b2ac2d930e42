import { expect, test } from "vitest";
import { bounds } from "../bounds.ts";
import { Turns } from "./turns.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("[NOTES-15] so many a turn, in order, and what is added meanwhile behind them", async () => {
  const turns = new Turns();
  const perTurn = bounds.notesToldAtOnce;
  const count = 2 * perTurn + 3;
  const run: number[] = [];
  for (let number = 1; number <= count; number += 1) turns.add(() => run.push(number));
  expect(run).toEqual([]);
  await turn();
  expect(run).toHaveLength(perTurn);
  turns.add(() => run.push(count + 1));
  await turn();
  expect(run).toHaveLength(2 * perTurn);
  await turn();
  expect(run).toEqual(Array.from({ length: count + 1 }, (_, index) => index + 1));
  turns.add(() => run.push(0));
  await turn();
  expect(run.at(-1)).toBe(0);
});
