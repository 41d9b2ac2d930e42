// A week's cells at changes of the clocks, and where things stand in them.
import { expect, test } from "vitest";
import { blockFrom, lanesOf, mondayOf, partIn, weekCells } from "./week-cells.ts";

const hourMs = 60 * 60_000;

test("[SCHEDULING-17] a week has every moment once, also when clocks change", () => {
  for (const [day, hours] of [
    ["2026-03-25", 167],
    ["2026-10-21", 169],
    ["2026-07-01", 168],
  ] as const) {
    const monday = mondayOf(new Date(`${day}T12:00:00Z`), "Europe/Zurich");
    const cells = weekCells(monday, "Europe/Zurich").flat();
    expect(cells).toHaveLength(7 * 24);
    cells.slice(1).forEach((cell, index) => expect(cell.startMs).toBe(cells[index]?.endMs));
    expect(((cells.at(-1)?.endMs ?? 0) - (cells[0]?.startMs ?? 0)) / hourMs).toBe(hours);
  }
});

test("[SCHEDULING-17] the week of a moment is the one where the reader is", () => {
  expect(mondayOf(new Date("2026-11-22T23:30:00Z"), "Europe/Zurich")).toBe("2026-11-23");
  expect(mondayOf(new Date("2026-11-22T23:30:00Z"), "America/New_York")).toBe("2026-11-16");
});

test("[SCHEDULING-17] what lies in a cell is shown where it lies", () => {
  const [monday = []] = weekCells("2026-11-23", "UTC");
  const cell = monday[9];
  if (cell === undefined) throw new Error("a day has a tenth hour");
  const call = { startsAt: "2026-11-23T09:15:00Z", endsAt: "2026-11-23T10:45:00Z" };
  expect(partIn(cell, call)).toEqual({ top: 0.25, height: 0.75 });
  expect(blockFrom(cell, call)).toEqual({ top: 0.25, height: 1.5 });
  expect(blockFrom(monday[10] ?? cell, call)).toBeNull();
  const long = { startsAt: "2026-11-23T23:30:00Z", endsAt: "2026-11-24T02:00:00Z" };
  expect(blockFrom(monday[23] ?? cell, long)).toEqual({ top: 0.5, height: 0.5 });
});

test("[SCHEDULING-23] calls that overlap lie side by side, those that only touch below each other", () => {
  const call = (name: string, from: number, to: number) => {
    const at = (hour: number) => new Date(Date.UTC(2026, 2, 2, 0, hour * 60)).toISOString();
    return { name, startsAt: at(from), endsAt: at(to) };
  };
  const calls = [
    call("inner", 9.5, 10),
    call("long", 9, 12),
    call("later", 10, 11),
    call("third", 10.5, 11.5),
    call("next", 12, 13),
  ];
  const lanes = [...lanesOf(calls)].map(([{ name }, { lane, lanes: of }]) => `${name} ${lane}/${of}`);
  expect(lanes).toEqual(["long 0/3", "inner 1/3", "later 1/3", "third 2/3", "next 0/1"]);
  expect(lanesOf(calls.toReversed())).toEqual(lanesOf(calls));
});
