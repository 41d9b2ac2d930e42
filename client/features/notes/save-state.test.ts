import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  hasUnsafeEdits,
  initialSaveState,
  reduceSave,
  type SaveEvent,
  type SaveState,
  saveView,
} from "./save-state.ts";

function after(events: SaveEvent[], mayWrite = true): SaveState {
  return events.reduce(reduceSave, initialSaveState(mayWrite));
}

const opened: SaveEvent = { type: "opened" };
const offered: SaveEvent = { type: "sent", step: "two" };
const sent: SaveEvent = { type: "sent", step: "update" };
const lost: SaveEvent = { type: "lost" };
const edited: SaveEvent = { type: "edited" };
const durable = (frames: number): SaveEvent => ({ type: "durable", frames });

describe("the saved state of notes", () => {
  test("nothing is called saved before the server's question was answered and the answer is durable", () => {
    expect(saveView(after([]))).toBe("connecting");
    expect(saveView(after([opened]))).toBe("connecting");
    expect(saveView(after([opened, offered]))).toBe("saving");
    expect(saveView(after([opened, offered, durable(1)]))).toBe("saved");
  });

  test("an edit is saved only when as many frames are durable as were sent", () => {
    const before = [opened, offered, durable(1), edited, sent, edited, sent];
    expect(saveView(after(before))).toBe("saving");
    expect(saveView(after([...before, durable(2)]))).toBe("saving");
    expect(saveView(after([...before, durable(3)]))).toBe("saved");
  });

  test("a frame that was under way when the connection broke counts as unsaved until a new one has offered it", () => {
    const broken = [opened, offered, durable(1), edited, sent, lost];
    expect(saveView(after(broken))).toBe("offline-unsaved");
    expect(saveView(after([...broken, opened]))).toBe("saving");
    expect(saveView(after([...broken, opened, offered]))).toBe("saving");
    expect(saveView(after([...broken, opened, offered, durable(1)]))).toBe("saved");
  });

  test("without a connection, what is saved and what is on this device alone are told apart", () => {
    const calm = [opened, offered, durable(1), lost];
    expect(saveView(after(calm))).toBe("offline");
    expect(saveView(after([...calm, edited]))).toBe("offline-unsaved");
  });

  test("an edit that leaves before the server's question is answered does not hide older ones", () => {
    const state = after([edited, opened, sent, durable(1)]);
    expect(saveView(state)).toBe("saving");
    expect(hasUnsafeEdits(state)).toBe(true);
  });

  test("the count of a former connection means nothing for the present one", () => {
    expect(saveView(after([opened, offered, durable(1), lost, opened, offered]))).toBe("saving");
    expect(saveView(after([opened, offered, sent, sent, lost, opened, offered, durable(1)]))).toBe("saved");
  });

  test("a refused edit is never called saved on that connection", () => {
    const refused: SaveEvent = { type: "refused", message: "too large" };
    expect(saveView(after([opened, offered, durable(1), sent, refused]))).toBe("refused");
    expect(saveView(after([opened, offered, sent, refused, durable(1)]))).toBe("refused");
  });

  test("a final no is shown with its reason, and unsaved edits stay known", () => {
    const state = after([opened, offered, sent, { type: "ended", reason: "forbidden" }]);
    expect(saveView(state)).toBe("forbidden");
    expect(hasUnsafeEdits(state)).toBe(true);
  });

  test("who may only read is told so, whatever the counts", () => {
    expect(saveView(after([opened], false))).toBe("read-only");
    expect(saveView(after([opened, offered, durable(1)], false))).toBe("read-only");
  });

  test("whatever happens, saved is never said while an edit was not acknowledged", () => {
    // A model that follows each edit by itself: where it travels, and whether the server has it.
    const step = fc.constantFrom("edit", "open", "offer", "ack", "lose");
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let state = initialSaveState(true);
        let connected = false;
        let answered = false;
        let pending: number[] = [];
        let frames: number[][] = [];
        let acknowledged = 0;
        let edits = 0;
        for (const name of steps) {
          if (name === "edit") {
            edits += 1;
            pending.push(edits);
            state = reduceSave(state, edited);
            if (connected) {
              frames.push([edits]);
              state = reduceSave(state, sent);
            }
          } else if (name === "open" && !connected) {
            connected = true;
            answered = false;
            frames = [];
            acknowledged = 0;
            state = reduceSave(state, opened);
          } else if (name === "offer" && connected && !answered) {
            answered = true;
            frames.push([...pending]);
            state = reduceSave(state, offered);
          } else if (name === "ack" && acknowledged < frames.length) {
            const held = new Set(frames[acknowledged]);
            pending = pending.filter((edit) => !held.has(edit));
            acknowledged += 1;
            state = reduceSave(state, durable(acknowledged));
          } else if (name === "lose" && connected) {
            connected = false;
            frames = [];
            acknowledged = 0;
            state = reduceSave(state, lost);
          }
          if (saveView(state) === "saved" || saveView(state) === "offline") expect(pending).toEqual([]);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
