// Which service carries video, by the settings.
import { expect, test } from "vitest";
import { systemClock } from "../platform/clock.ts";
import { StartError } from "../platform/config.ts";
import { createMetrics } from "../platform/metrics.ts";
import { createVideoVendor } from "./video.ts";

const stream = { apiKey: "key", secret: "s".repeat(32), baseUrl: null };
const open = (config: Parameters<typeof createVideoVendor>[0]["config"], load?: () => Promise<null>) =>
  createVideoVendor({
    config,
    clock: systemClock,
    metrics: createMetrics({ processMetrics: false }),
    ...(load === undefined ? {} : { load }),
  });

test("[VIDEO-12] with keys and without the packages the start ends with what to do", async () => {
  const starting = open({ stream, iceServers: [] }, () => Promise.resolve(null));
  await expect(starting).rejects.toBeInstanceOf(StartError);
  await expect(starting).rejects.toThrow(/licence.*npm run video:install/);
});

test("[VIDEO-12] without keys nothing of Stream is asked for, and pages connect to nobody else", async () => {
  const { provider, http, status } = await open({ stream: null, iceServers: [] }, () =>
    Promise.reject(new Error("it was loaded")),
  );
  expect(provider.mode).toBe("peer-to-peer");
  expect(http).toEqual({ streamWebhook: null, connectTo: [] });
  expect(status()).toMatchObject({ kind: "video", mode: "local", health: null });
});
