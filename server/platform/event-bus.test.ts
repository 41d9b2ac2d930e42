import { expect, test } from "vitest";
import type { MeetingId } from "../../shared/ids.ts";
import { createMemoryBus } from "./event-bus.ts";
import { silentLogger } from "./logger.ts";

const meetingId = "a".repeat(24) as MeetingId;

test("[BUS-1] a subscriber that throws harms neither the publisher nor the others", () => {
  const bus = createMemoryBus(silentLogger);
  const heard: string[] = [];
  bus.subscribe("state.changed", () => {
    throw new Error("broken subscriber");
  });
  bus.subscribe("state.changed", (event) => heard.push(event.meetingId));
  bus.publish("state.changed", { meetingId });
  expect(heard).toEqual([meetingId]);
});

test("[BUS-2] an unsubscribed listener hears nothing more", () => {
  const bus = createMemoryBus(silentLogger);
  const heard: string[] = [];
  const unsubscribe = bus.subscribe("state.changed", (event) => heard.push(event.meetingId));
  unsubscribe();
  bus.publish("state.changed", { meetingId });
  expect(heard).toEqual([]);
});
