// Slices of long work: whose turn it is, and what a short request waits for.
import { expect, test } from "vitest";
import { newPace } from "./pace.ts";

/** Keeps the thread busy until the pace wants a pause. */
async function work(slices: number, note: () => void): Promise<void> {
  const pace = newPace(null);
  for (let slice = 0; slice < slices; slice += 1) {
    let pause = pace.breathe();
    while (pause === undefined) pause = pace.breathe();
    await pause;
    note();
  }
}

test("[STORE-93] long work takes turns, one slice a turn of the event loop, first come first served", async () => {
  const order: string[] = [];
  let turns = 0;
  let counting = true;
  const countTurn = () => {
    turns += 1;
    if (counting) setImmediate(countTurn);
  };
  const perTurn = new Map<number, number>();
  const note = (name: string) => () => {
    order.push(name);
    perTurn.set(turns, (perTurn.get(turns) ?? 0) + 1);
  };
  setImmediate(countTurn);
  await Promise.all([work(4, note("a")), work(4, note("b")), work(4, note("c"))]);
  counting = false;
  expect(order.join("")).toBe("abcabcabcabc");
  expect(Math.max(...perTurn.values())).toBe(1);
});

test("[STORE-93] waiting before the first step uses nothing up", async () => {
  const pace = newPace(null);
  const started = performance.now();
  while (performance.now() - started < 20);
  expect(pace.breathe()).toBeUndefined();
});
