// A Map for what comes and goes: it behaves as a Map does, and what it held can be let go.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { TransientMap } from "./transient-map.ts";

test("it holds what a Map given the same calls holds, in the same order", () => {
  const plain = new Map<number, number>();
  const transient = new TransientMap<number, number>();
  let seed = 1;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  let rebuilt = 0;
  for (let step = 0; step < 20_000; step += 1) {
    const key = random(200);
    if (random(2) === 0) {
      plain.set(key, step);
      transient.set(key, step);
    } else {
      const known = plain.delete(key);
      expect(transient.delete(key)).toBe(known);
      if (known) rebuilt += 1;
    }
    expect(transient.get(key)).toBe(plain.get(key));
    expect(transient.has(key)).toBe(plain.has(key));
    expect(transient.size).toBe(plain.size);
    if (step % 500 === 0) expect(transient.entries()).toEqual([...plain]);
  }
  // Often enough to have been made anew many times.
  expect(rebuilt).toBeGreaterThan(1_000);
  expect(transient.keys()).toEqual([...plain.keys()]);
  expect(transient.values()).toEqual([...plain.values()]);
  transient.clear();
  expect([transient.size, transient.entries(), transient.get(1)]).toEqual([0, [], undefined]);
});

test("entries may be deleted and set while it is gone through", () => {
  const map = new TransientMap<number, string>();
  for (let key = 0; key < 300; key += 1) map.set(key, `${key}`);
  for (const [key, value] of map.entries()) {
    map.delete(key);
    map.set(key + 1_000, value);
  }
  expect(map.size).toBe(300);
  expect(map.keys()[0]).toBe(1_000);
});

test("what it held is let go without a search of the whole heap, which a Map's old tables would need", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options?: { type: "minor" }) => void;
  const turnovers = 20_000;
  const kilobyte = 128;

  /** Bytes that short collections leave of what came and went, in a map that is old itself. */
  function leftBehind(map: Map<number, number[]> | TransientMap<number, number[]>): number {
    for (let key = 0; key < 40; key += 1) map.set(key, []);
    collect();
    for (let pass = 0; pass < 3; pass += 1) collect({ type: "minor" });
    const before = process.memoryUsage().heapUsed;
    for (let key = 0; key < turnovers; key += 1) {
      map.set(key + 40, new Array<number>(kilobyte).fill(key));
      map.delete(key);
      if (key % 500 === 0) collect({ type: "minor" });
    }
    for (let pass = 0; pass < 3; pass += 1) collect({ type: "minor" });
    return process.memoryUsage().heapUsed - before;
  }

  const transient = leftBehind(new TransientMap());
  // Should this fail because a Map leaves nothing behind any more, there is no need for the class.
  const plain = leftBehind(new Map());
  expect(plain).toBeGreaterThan((turnovers * kilobyte * 8) / 2);
  expect(transient).toBeLessThan(plain / 8);
});
