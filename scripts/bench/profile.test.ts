import { expect, test } from "vitest";
import { areasOf } from "./profile.ts";

const frame = (functionName: string, url = "") => ({ functionName, url });
const nodes = [
  { id: 1, callFrame: frame("(root)"), children: [2, 3, 4, 9] },
  { id: 2, callFrame: frame("(idle)") },
  { id: 3, callFrame: frame("(garbage collector)") },
  {
    id: 4,
    callFrame: frame("deliver", "file:///srv/realtime/app/realtime/gateway/fan-out.ts"),
    children: [5, 7],
  },
  {
    id: 5,
    callFrame: frame("send", "file:///srv/realtime/app/node_modules/ws/lib/sender.js"),
    children: [6],
  },
  { id: 6, callFrame: frame("writev", "node:net") },
  {
    id: 7,
    callFrame: frame("look", "file:///srv/realtime/app/server/modules/prompts/look.ts"),
    children: [8],
  },
  { id: 8, callFrame: frame("parse", "file:///srv/realtime/app/node_modules/@scope/some/parse.js") },
  { id: 9, callFrame: frame("tick", "node:timers") },
];

test("[BENCH-5] time counts for the innermost part that can be named, within the stretch, without idling", () => {
  const samples = [4, 6, 6, 7, 8, 9, 3, 2, 4];
  const profile = { startTime: 1_000, nodes, samples, timeDeltas: samples.map(() => 10) };
  // The first and the last sample are outside.
  expect(areasOf(profile, { fromUs: 1_015, toUs: 1_085 }, "file:///srv/realtime/app/")).toEqual([
    { area: "sockets: Socket.IO, Engine.IO, ws", microseconds: 20 },
    { area: "module: prompts", microseconds: 10 },
    { area: "@scope/some", microseconds: 10 },
    { area: "Node and V8", microseconds: 10 },
    { area: "garbage collection", microseconds: 10 },
  ]);
});
