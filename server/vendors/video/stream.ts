// Video by Stream: rooms, roles and short-lived tokens by its own client, with an end in time for every call.
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { MeetingRole } from "../../../shared/schemas/meetings.ts";
import type { Clock } from "../../platform/clock.ts";
import type { StreamConfig } from "../../platform/config-video.ts";
import {
  createOutbound,
  failureOfStatus,
  parseRetryAfter,
  type Failure,
  type Outbound,
  type OutboundMetrics,
} from "../../platform/outbound/index.ts";
import type { CallEntry, VideoProvider, VideoRooms } from "./index.ts";
import type { StreamMember, StreamSdk } from "./stream-sdk.ts";

export const streamCallType = "default";
/** Pages ask for the next one before it ends. */
export const tokenSeconds = 15 * 60;
/** Who makes the rooms: a user of Stream that nobody is. */
const makerId = "connvo";
/** Stream's client has the same by default. */
const defaultTimeoutMs = 3_000;
/** Beyond the client's own, for whatever does not heed it. */
const graceMs = 500;
const sending = ["send-audio", "send-video", "screenshare"];
/** No such room, or (with what is sent here) no such user: nobody to take anything from. */
const nobodyThere = ["stream-16", "stream-4"];

export interface StreamVideoOptions {
  sdk: StreamSdk;
  config: StreamConfig;
  clock: Clock;
  outboundMetrics: OutboundMetrics;
  timeoutMs?: number;
  firstWaitMs?: number;
}

export function createStreamVideo(options: StreamVideoOptions): {
  provider: VideoProvider;
  outbound: Outbound;
} {
  const { config, clock, timeoutMs = defaultTimeoutMs, firstWaitMs } = options;
  const { apiKey, secret, baseUrl } = config;
  const client = new options.sdk.StreamClient(apiKey, secret, {
    timeout: timeoutMs,
    ...(baseUrl === null ? {} : { basePath: baseUrl }),
  });
  const outbound = createOutbound({
    kind: "video",
    clock,
    metrics: options.outboundMetrics,
    failureOf: (error) => failureOf(error, clock),
    timeoutMs: timeoutMs + graceMs,
    atOnce: 20,
    ...(firstWaitMs !== undefined && { firstWaitMs }),
  });

  function callOf(meetingId: MeetingId) {
    // The client puts ids into paths as they are.
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(meetingId)) throw new Error("A meeting's id cannot be that of a room.");
    return client.video.call(streamCallType, meetingId);
  }

  async function settle({ meetingId, userId, role }: CallEntry, before: "new" | "there"): Promise<void> {
    const call = callOf(meetingId);
    // First what is refused, then the note that it was: a crash between the two has both done again.
    if (role === "observer")
      await outbound.call(() =>
        call.updateUserPermissions({ user_id: userId, revoke_permissions: [...sending] }),
      );
    else if (before === "there")
      await outbound.call(() =>
        call.updateUserPermissions({ user_id: userId, grant_permissions: [...sending] }),
      );
    await outbound.call(() => call.updateCallMembers({ update_members: [memberOf(userId, role)] }));
  }

  const rooms: VideoRooms = {
    changeRole: (entry) => unlessGone(() => settle(entry, "there")),

    async remove(meetingId, userId) {
      await unlessGone(() => outbound.call(() => callOf(meetingId).blockUser({ user_id: userId })));
    },

    async end(meetingId) {
      await unlessGone(() => outbound.call(() => callOf(meetingId).end()));
    },
  };

  return {
    outbound,
    provider: {
      mode: "stream",
      maxPeers: limits.streamCallMaxPeers,
      rooms,

      async access(entry) {
        const { meetingId, userId, role } = entry;
        const call = callOf(meetingId);
        await outbound.call(() =>
          client.upsertUsers([
            { id: makerId, role: "admin" },
            { id: userId, role: "user" },
          ]),
        );
        const room = await outbound.call(() => call.getOrCreate({ data: { created_by_id: makerId } }));
        const known = room.members.find((member) => member.user_id === userId);
        const wanted = memberOf(userId, role);
        if (known?.role !== wanted.role || known.custom?.["standing"] !== role)
          await settle(entry, known === undefined ? "new" : "there");
        // Last: until then whoever was removed before stays out.
        if (room.call.blocked_user_ids.includes(userId))
          await outbound.call(() => call.unblockUser({ user_id: userId }));
        const now = Math.floor(clock.now().getTime() / 1_000);
        const claims = { user_id: userId, call_cids: [call.cid], iat: now - 1, exp: now + tokenSeconds };
        return {
          provider: "stream",
          apiKey,
          userId,
          token: client.generateCallToken(claims),
          expiresAt: new Date(claims.exp * 1_000).toISOString(),
          callType: streamCallType,
          callId: meetingId,
          maxPeers: limits.streamCallMaxPeers,
          // The address for browsers has a path that the one for servers has not.
          baseUrl: baseUrl === null ? null : `${baseUrl}/video`,
        };
      },
    },
  };
}

/** Nothing of a person goes there but an id that says nothing, and their standing in this room. */
function memberOf(userId: UserId, role: MeetingRole): StreamMember {
  return { user_id: userId, role: role === "host" ? "host" : "user", custom: { standing: role } };
}

/** The client's error, which it does not export. */
interface StreamError {
  code?: unknown;
  metadata?: { responseCode?: unknown; responseHeaders?: Headers };
}

function failureOf(error: unknown, clock: Clock): Failure | null {
  if (!(error instanceof Error)) return null;
  const { code, metadata } = error as StreamError;
  const status = metadata?.responseCode;
  if (typeof status !== "number") {
    if (metadata === undefined) return null;
    const passing = { status: null, passing: true, retryAfterMs: null };
    return { code: code === undefined ? "timeout" : "network", ...passing };
  }
  const retryAfterMs = parseRetryAfter(metadata?.responseHeaders?.get("retry-after"), clock.now());
  const failure = failureOfStatus(status, retryAfterMs);
  // Stream's own number says more of a refusal than its status: 4 input, 16 not found, 40 expired, 43 wrong signature.
  return typeof code === "number" && !failure.passing ? { ...failure, code: `stream-${code}` } : failure;
}

async function unlessGone(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { details } = error as { details?: { reason?: string } };
    if (!nobodyThere.includes(details?.reason ?? "")) throw error;
  }
}
