// What each client event does: input is parsed already, what is thrown becomes the refusal.
import { AppError, notFound } from "../../shared/errors.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { limits } from "../../shared/limits.ts";
import type {
  ClientEventAck,
  ClientEventName,
  ClientEventParsed,
} from "../../shared/protocol/socket-events.ts";
import type { TranscriptPage } from "../../shared/schemas/transcripts.ts";
import { bounds } from "../bounds.ts";
import { metricNames } from "../metrics.ts";
import type { RealtimePorts } from "../ports.ts";
import type { Calls } from "./call.ts";
import { TranscriptIntake } from "./intake.ts";
import type { LiveHub } from "./live-hub.ts";
import type { MeetingPresence } from "./meetings.ts";
import { tell, type GatewaySocket } from "./sockets.ts";

export type Handlers = {
  [Name in ClientEventName]: (
    socket: GatewaySocket,
    input: ClientEventParsed<Name>,
  ) => Promise<ClientEventAck<Name>>;
};

interface Parts {
  ports: RealtimePorts;
  presence: MeetingPresence;
  calls: Calls;
  live: LiveHub;
}

const done = { ok: true } as const;

export function createHandlers({ ports, presence, calls, live }: Parts): Handlers {
  const intake = new TranscriptIntake(ports);
  return {
    async "meeting:join"(socket, { meetingId, fromSequence }) {
      const { meeting, state } = await presence.join(socket, meetingId);
      // Read after the socket is in the room: a chunk may come both ways, none can be missed.
      const page = withinFrame(await readTranscript(socket, meetingId, fromSequence));
      const peers = await calls.peersNow(meetingId);
      if (!socket.connected) throw new AppError("UNAVAILABLE", "The connection is gone.");
      if (!presence.isIn(socket, meetingId)) throw notFound("This meeting");
      if (peers.length > 0) tell(socket, "call:peers", { meetingId, peers });
      const { chunks, lastSequence, revision } = page;
      return { meeting, participants: meeting.participants, state, chunks, lastSequence, revision };
    },

    async "meeting:leave"(socket, { meetingId }) {
      calls.leave(socket, meetingId);
      await presence.leaveBehindJoin(socket, meetingId);
      return done;
    },

    async "transcript:append"(socket, { meetingId, chunks }) {
      const startedMs = ports.now().getTime();
      const appended = await intake.run(socket, chunks.length, () =>
        ports.transcripts.append(socket.data.actor, meetingId, chunks),
      );
      ports.observeSeconds(metricNames.transcriptAppendSeconds, (ports.now().getTime() - startedMs) / 1000);
      return appended;
    },

    async "chat:send"({ data }, { meetingId, ...message }) {
      const { sequence } = await ports.messages.send(data.actor, meetingId, message);
      return { sequence };
    },

    async "chat:change"({ data }, { meetingId, messageId, ...input }) {
      await ports.limits.changingMessage(data.actor);
      const { sequence } = await ports.messages.change(data.actor, meetingId, messageId, input);
      return { sequence };
    },

    async "prompt:feedback"({ data: { actor } }, { idempotencyKey, ...input }) {
      const run = async () => {
        await ports.prompts.feedback(actor, input.meetingId, input.promptId, input.feedback);
        return done;
      };
      if (idempotencyKey === undefined) return await run();
      return await ports.once(actor, idempotencyKey, ["prompt:feedback", input], run);
    },

    "live:subscribe": (socket, input) => live.subscribe(socket, input),

    async "live:unsubscribe"(socket, { id }) {
      live.unsubscribe(socket, id);
      return done;
    },

    "call:enter": (socket, { meetingId, media }) => calls.enter(socket, meetingId, media),

    async "call:media"(socket, { meetingId, media }) {
      calls.media(socket, meetingId, media);
      return done;
    },

    async "call:leave"(socket, { meetingId }) {
      calls.leave(socket, meetingId);
      return done;
    },

    async "call:signal"(socket, input) {
      await calls.signal(socket, input);
      return done;
    },
  };

  async function readTranscript(
    { data }: GatewaySocket,
    meetingId: MeetingId,
    fromSequence: number | undefined,
  ): Promise<TranscriptPage> {
    const limit = limits.transcriptPageMaxChunks;
    if (fromSequence !== undefined) {
      return await ports.transcripts.read(data.actor, meetingId, { fromSequence, limit });
    }
    const start = await ports.transcripts.read(data.actor, meetingId, {
      fromSequence: 0,
      limit: bounds.joinChunks,
    });
    if (start.lastSequence <= bounds.joinChunks) return start;
    const from = start.lastSequence - bounds.joinChunks + 1;
    return await ports.transcripts.read(data.actor, meetingId, { fromSequence: from, limit });
  }
}

/** As many of the page's lines as one answer may carry. */
function withinFrame(page: TranscriptPage): TranscriptPage {
  let bytes = 0;
  const end = page.chunks.findIndex((chunk) => (bytes += JSON.stringify(chunk).length) > bounds.joinMaxBytes);
  return end === -1 ? page : { ...page, chunks: page.chunks.slice(0, end) };
}
