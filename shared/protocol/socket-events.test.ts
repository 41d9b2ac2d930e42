import { expect, test } from "vitest";
import { clientEvents, type ClientEventName } from "./socket-events.ts";

/** What makes a repeated event harmless: a key, or a reason why it needs none. */
const repeats: Record<ClientEventName, { key: string } | { needsNone: string }> = {
  "transcript:append": { key: "clientKey" },
  "chat:send": { key: "clientKey" },
  "chat:change": { key: "clientKey" },
  "prompt:feedback": { key: "idempotencyKey" },
  "meeting:join": { needsNone: "Being there twice is being there." },
  "meeting:leave": { needsNone: "So is being gone." },
  "live:subscribe": { needsNone: "The id is the client's own: the same one is the same subscription." },
  "live:unsubscribe": { needsNone: "Nothing is written." },
  "call:enter": { needsNone: "Entering again changes the media alone." },
  "call:media": { needsNone: "It says what is, not what is to change." },
  "call:leave": { needsNone: "Being gone twice is being gone." },
  "call:signal": { needsNone: "It is passed on, not written; WebRTC takes a description twice." },
};

test("[IDEMPOTENCY-8] every event that writes has a key", () => {
  expect(Object.keys(repeats).sort()).toEqual(Object.keys(clientEvents).sort());
  for (const [name, rule] of Object.entries(repeats)) {
    if (!("key" in rule)) continue;
    const { shape } = clientEvents[name as ClientEventName].input as { shape: Record<string, unknown> };
    const ofLines = name === "transcript:append" ? clientEvents[name].input.shape.chunks.element.shape : {};
    expect(Object.keys({ ...shape, ...ofLines })).toContain(rule.key);
  }
});
