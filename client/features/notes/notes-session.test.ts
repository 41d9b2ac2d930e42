// The notes' connection does not wait for a device that keeps nothing.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { NotesSession } from "./notes-session.ts";

const opened: string[] = [];
/** Databases that answer; the others never do, as on a full disk. */
let answering: (name: string) => boolean;

beforeEach(() => {
  opened.length = 0;
  vi.useFakeTimers();
  vi.stubGlobal("location", { protocol: "https:", host: "connvo.example" });
  vi.stubGlobal("indexedDB", {
    open(name: string) {
      const request = { result: { close: () => undefined }, onsuccess: () => undefined };
      if (answering(name)) queueMicrotask(() => request.onsuccess());
      return request;
    },
  });
  class FakeSocket {
    constructor(url: string) {
      opened.push(url);
    }
    send(): void {}
    close(): void {}
  }
  vi.stubGlobal("WebSocket", FakeSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([
  ["the notes' own database never opens", (name: string) => name === "connvo-probe"],
  ["no database ever opens", () => false],
])("where %s the notes are opened from the server all the same", async (_, answers) => {
  answering = answers;
  const session = new NotesSession({
    meetingId: "a".repeat(24) as MeetingId,
    userId: "b".repeat(24) as UserId,
    layer: "shared",
    mayWrite: true,
    renewSession: () => Promise.resolve(false),
  });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(opened[0]).toContain("/notes/aaaa");
  expect(session.getState().keptOnDevice).toBe(false);
  session.close();
});
