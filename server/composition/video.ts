// Who carries sound and picture: the browsers themselves, or Stream where its keys are set; and what has them hear of it.
import type { VendorStatus } from "../../shared/schemas/ai.ts";
import type { MeetingsService } from "../modules/meetings/index.ts";
import type { VideoService } from "../modules/video/index.ts";
import type { Clock } from "../platform/clock.ts";
import { StartError, type Config } from "../platform/config.ts";
import type { EventBus } from "../platform/event-bus.ts";
import type { Logger } from "../platform/logger.ts";
import type { Metrics } from "../platform/metrics.ts";
import { createOutboundMetrics, type Outbound, type OutboundMetrics } from "../platform/outbound/index.ts";
import type { VideoProvider } from "../vendors/video/index.ts";
import { createPeerToPeerVideo } from "../vendors/video/peer-to-peer.ts";
import { loadStreamSdk } from "../vendors/video/stream-sdk.ts";
import { openStreamWebhook, videoEventOf } from "../vendors/video/stream-webhooks.ts";
import { createStreamVideo } from "../vendors/video/stream.ts";
import type { StreamWebhook } from "../transport/http/app.ts";

export interface VideoVendor {
  provider: VideoProvider;
  status(): VendorStatus;
  /** Of all vendors: a process registers them once. */
  outboundMetrics: OutboundMetrics;
  readEvent: typeof videoEventOf | null;
  /** What it tells (null: nothing), and where pages connect to for it. */
  http: { streamWebhook: StreamWebhook | null; connectTo: readonly string[] };
}

export async function createVideoVendor(options: {
  config: Pick<Config, "stream" | "iceServers">;
  clock: Clock;
  metrics: Metrics;
  load?: typeof loadStreamSdk;
}): Promise<VideoVendor> {
  const { config, clock, metrics, load = loadStreamSdk } = options;
  const outboundMetrics = createOutboundMetrics(metrics);
  if (config.stream === null) {
    const provider = createPeerToPeerVideo({ iceServers: config.iceServers });
    const quiet = { readEvent: null, http: { streamWebhook: null, connectTo: [] } };
    return { provider, outboundMetrics, status: () => statusOf(provider, null), ...quiet };
  }
  const { stream } = config;
  const sdk = await load();
  if (sdk === null) throw new StartError(notInstalled);
  const { provider, outbound } = createStreamVideo({ sdk, config: stream, clock, outboundMetrics });
  return {
    provider,
    outboundMetrics,
    status: () => statusOf(provider, outbound),
    readEvent: videoEventOf,
    http: {
      connectTo: streamOrigins(stream.baseUrl),
      streamWebhook: {
        secrets: [stream.secret],
        open: (body, signature, headerOf) =>
          Promise.resolve().then(() =>
            openStreamWebhook(
              { body, signature, apiKey: headerOf("x-api-key"), webhookId: headerOf("x-webhook-id") },
              stream,
            ),
          ),
      },
    },
  };
}

/** The service, or what stands before it, and its media servers, with their WebSockets. */
function streamOrigins(baseUrl: string | null): string[] {
  const { origin } = new URL(baseUrl ?? "https://video.stream-io-api.com");
  return [origin, "https://*.stream-io-video.com"].flatMap((one) => [one, one.replace(/^http/, "ws")]);
}

const notInstalled =
  "STREAM_API_KEY is set, but Stream's packages are not installed, as their licence is for customers of Stream alone: " +
  "run `npm run video:install` if you are one, or take the setting away.";

function statusOf({ mode }: VideoProvider, outbound: Outbound | null): VendorStatus {
  return {
    kind: "video",
    provider: mode,
    mode: outbound === null ? "local" : "vendor",
    health: outbound === null ? null : healthOf(outbound),
  };
}

export function healthOf(outbound: Outbound): NonNullable<VendorStatus["health"]> {
  const { circuit, succeeded, failed, lastSuccessAt, lastFailure } = outbound.health();
  return {
    circuit,
    succeeded,
    failed,
    lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
    lastFailure: lastFailure === null ? null : { ...lastFailure, at: lastFailure.at.toISOString() },
  };
}

/** Rooms follow what becomes of meetings and of people's places in them. */
export function connectVideo(parts: {
  bus: EventBus;
  video: Pick<VideoService, "rooms">;
  meetings: Pick<MeetingsService, "placesOf">;
  logger: Logger;
}): void {
  const { bus, meetings, logger } = parts;
  const { rooms } = parts.video;
  if (rooms === null) return;
  const later = (event: string, work: Promise<unknown>) => {
    work.catch((error: unknown) =>
      logger.error({ event, error: error as Error }, "event consequence for video failed"),
    );
  };
  bus.subscribe("participant.changed", ({ meetingId, userId, change }) => {
    if (change === "removed" || change === "role")
      later("participant.changed", rooms.placeChanged(meetingId, userId));
  });
  bus.subscribe("meeting.changed", ({ meetingId, change }) => {
    if (change === "ended" || change === "cancelled") later("meeting.changed", rooms.meetingEnded(meetingId));
  });
  bus.subscribe("consent.changed", ({ userId, meetingId }) => {
    const concerned = meetingId === null ? meetings.placesOf(userId) : Promise.resolve([meetingId]);
    later(
      "consent.changed",
      concerned.then((ids) => Promise.all(ids.map((id) => rooms.consentChanged(id)))),
    );
  });
  bus.subscribe("person.ended", ({ userId, orgId }) => {
    if (userId !== null) later("person.ended", rooms.personEnded(userId, orgId));
  });
}
