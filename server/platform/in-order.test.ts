// Work under one key runs in order of arrival; other keys and failures do not hold it up.
import { expect, test } from "vitest";
import { createInOrder } from "./in-order.ts";

function gate(): { open: () => void; passed: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, passed: promise };
}

test("work under one key waits for what came before it, however long that takes", async () => {
  const inOrder = createInOrder();
  const slow = gate();
  const done: string[] = [];
  const first = inOrder.run("a", async () => {
    await slow.passed;
    done.push("first");
  });
  const second = inOrder.run("a", async () => void done.push("second"));
  await inOrder.run("b", async () => void done.push("other key"));
  slow.open();
  await Promise.all([first, second]);
  expect(done).toEqual(["other key", "first", "second"]);
});

test("a failure is its own caller's alone", async () => {
  const inOrder = createInOrder();
  const failing = inOrder.run("a", () => Promise.reject(new Error("no")));
  const next = inOrder.run("a", async () => "done");
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("done");
});
