// Whole messages are what a WebSocket makes of the frames, byte for byte.
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import * as ws from "ws";
import { durableFrame, updateFrame } from "./frames.ts";
import { durableMessage, headerOf, messageOf, updateMessage } from "./messages.ts";

const wireOf = (frame: Uint8Array) => {
  const options = { fin: true, rsv1: false, opcode: 2, mask: false, readOnly: true };
  const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, how: object): Buffer[] } };
  return Buffer.concat(Sender.frame(Buffer.from(frame), options));
};

// Around each change of the lengths' own lengths.
const sizes = [0, 1, 120, 121, 122, 123, 125, 126, 127, 128, 16_383, 16_384, 65_530, 65_531, 65_536, 70_000];

test.each(sizes)("[NOTES-13] an update of %i bytes is sent and kept as one copy", (size) => {
  const update = randomBytes(size);
  const { message, update: kept } = updateMessage(update);
  expect(message.equals(wireOf(updateFrame(update)))).toBe(true);
  expect(Buffer.compare(kept, update)).toBe(0);
  expect(kept.buffer).toBe(message.buffer);
  update.fill(0);
  expect(Buffer.compare(kept, update)).toBe(size === 0 ? 0 : 1);
});

test.each([0, 1, 127, 128, 16_384, 2 ** 31, 2 ** 40 + 5])("[NOTES-2] %i durable frames are told", (count) => {
  expect(durableMessage(count).equals(wireOf(durableFrame(count)))).toBe(true);
});

test.each(sizes)("[NOTES-13] a frame of %i bytes as one message, and its header alone", (size) => {
  const frame = randomBytes(size);
  expect(messageOf(frame).equals(wireOf(frame))).toBe(true);
  expect(Buffer.concat([headerOf(size), frame]).equals(wireOf(frame))).toBe(true);
});
