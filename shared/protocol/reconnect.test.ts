// When clients come back: at once from a restart, later and later from a server that does not answer.
import { expect, test } from "vitest";
import { notesReconnectMs, spreadReconnects } from "./reconnect.ts";

const range = (code: number | null, failures: number) => [
  notesReconnectMs({ code, failures, random: 0 }),
  notesReconnectMs({ code, failures, random: 1 }),
];

test("a lost connection comes back within 200 ms, then after twice the time, up to 2.5 s, each by chance", () => {
  expect([1, 2, 3, 4, 5, 9].map((failures) => range(1006, failures))).toEqual([
    [100, 200],
    [200, 400],
    [400, 800],
    [800, 1_600],
    [1_250, 2_500],
    [1_250, 2_500],
  ]);
  expect(range(null, 1)).toEqual([100, 200]);
});

test("from a server that restarts it comes back at once, and no faster than others where that fails", () => {
  expect(range(1012, 1)).toEqual([0, 50]);
  expect(range(1012, 2)).toEqual([200, 400]);
});

test("a provider waits as long as the rule says for its next connection", () => {
  let close: (event: { code: number } | null) => void = () => undefined;
  const provider = {
    wsUnsuccessfulReconnects: 0,
    maxBackoffTime: 2_500,
    on: (_name: "connection-close", listener: typeof close) => (close = listener),
  };
  spreadReconnects(provider, () => 0.5);
  close({ code: 1012 });
  expect(provider.maxBackoffTime).toBe(25);
  provider.wsUnsuccessfulReconnects = 1;
  close({ code: 1006 });
  expect(provider.maxBackoffTime).toBe(300);
});
