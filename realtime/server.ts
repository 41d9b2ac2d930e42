// Puts the realtime core together: gateway, presence, calls, live queries and notes on one HTTP server.
import { AccessEpoch, createDoorkeeper } from "./access.ts";
import { bounds } from "./bounds.ts";
import { Calls } from "./gateway/call.ts";
import { createGateway } from "./gateway/gateway.ts";
import { createHandlers } from "./gateway/handlers.ts";
import { LiveHub } from "./gateway/live-hub.ts";
import { MeetingStreams } from "./gateway/meeting-streams.ts";
import { MeetingPresence } from "./gateway/meetings.ts";
import { meetingRoom, personRoom, tell } from "./gateway/sockets.ts";
import { TranscriptFanOut } from "./gateway/transcript-fan-out.ts";
import type { Realtime } from "./index.ts";
import { letGo } from "./letting-go.ts";
import { metricNames } from "./metrics.ts";
import { createNotesServer } from "./notes/server.ts";
import type { RealtimeOptions, RealtimePorts } from "./ports.ts";
import { rejectUpgrade } from "./reject-upgrade.ts";
import { waitAtMost } from "./timeouts.ts";
import type { Actor } from "../shared/actor.ts";
import type { MeetingId, UserId } from "../shared/ids.ts";

/** The rules it keeps are numbered in `SPEC.md`. */
export function createRealtime(ports: RealtimePorts, { allowedOrigins }: RealtimeOptions): Realtime {
  const doorkeeper = createDoorkeeper(ports, allowedOrigins);
  const epoch = new AccessEpoch();
  const notes = createNotesServer({ ports, doorkeeper, epoch });
  const gateway = createGateway(ports, doorkeeper, epoch);
  const { namespace } = gateway;
  const live = new LiveHub(ports);
  const transcripts = new TranscriptFanOut(ports, (meetingId, chunks) => {
    ports.count(metricNames.transcriptFrames, 1);
    tell(namespace.to(meetingRoom(meetingId)), "transcript:chunks", { meetingId, chunks });
  });
  const streams = new MeetingStreams({
    ports,
    onChunks: (meetingId, chunks) => transcripts.publish(meetingId, chunks),
    onCorrection(meetingId, correction) {
      // Lines that wait were delivered before it, and are as it was before.
      transcripts.flush(meetingId);
      tell(namespace.to(meetingRoom(meetingId)), "transcript:corrected", { meetingId, correction });
    },
    onMessage: (meetingId, message) =>
      tell(namespace.to(meetingRoom(meetingId)), "chat:message", { meetingId, message }),
    onMessageChanged: (meetingId, change) =>
      tell(namespace.to(meetingRoom(meetingId)), "chat:changed", { meetingId, change }),
  });
  const presence = new MeetingPresence({
    ports,
    namespace,
    epoch,
    streams,
    onRevoked(socket, meetingId) {
      const { userId } = socket.data.actor;
      calls.leave(socket, meetingId);
      live.recheckAccess(meetingId, userId);
      void notes.recheckAccess(meetingId, userId);
    },
    onStanding(meetingId, userId) {
      void notes.recheckAccess(meetingId, userId);
      void calls.recheckAccess(meetingId, userId);
    },
  });
  const calls = new Calls({ ports, namespace, epoch, meetings: presence.meetings });

  gateway.serve(createHandlers({ ports, presence, calls, live }), (socket) => {
    calls.leaveAll(socket);
    live.leaveAll(socket);
    presence.leaveAll(socket);
  });

  let cancelSweep: (() => void) | null = null;
  let stopping: Promise<void> | null = null;
  const sweepSoon = () => {
    cancelSweep = ports.schedule(bounds.sweepMs, () => {
      const nowMs = ports.now().getTime();
      gateway.sweep(nowMs);
      notes.sweep(nowMs);
      calls.sweep();
      presence.renew();
      if (stopping === null) sweepSoon();
    });
  };

  async function recheckAccess(meetingId: MeetingId, userId: UserId): Promise<void> {
    epoch.advance();
    live.recheckAccess(meetingId, userId);
    await Promise.all([
      presence.recheckAccess(meetingId, userId),
      calls.recheckAccess(meetingId, userId),
      notes.recheckAccess(meetingId, userId),
    ]);
  }

  function endWhere(matches: (actor: Actor) => boolean): void {
    // Whoever is being let in at this moment is not there yet, and is asked again who they are.
    epoch.advance();
    gateway.endWhere(matches);
    notes.endWhere(matches);
  }

  async function stopAll(allMs: number): Promise<void> {
    const startedMs = ports.now().getTime();
    await letGo({
      ports,
      meetings: [...new Set([...presence.places(), ...notes.places()].map(({ meetingId }) => meetingId))],
      connections: gateway.socketCount() + notes.connectionCount(),
      close: (meetingId) => notes.letGo(meetingId) + presence.letGo(meetingId),
      withinMs: Math.min(bounds.letGoWithinMs, 0.9 * allMs),
    });
    const graceMs = Math.max(0, allMs - (ports.now().getTime() - startedMs));
    gateway.drain();
    live.stop();
    await Promise.all([
      waitAtMost(ports, graceMs, () => gateway.eventsInFlight() === 0),
      notes.stop(graceMs),
    ]);
    streams.stop();
    transcripts.stop();
    cancelSweep?.();
    gateway.close();
    let left = false;
    const leaving = presence.stop().then(() => (left = true));
    await Promise.race([leaving, waitAtMost(ports, graceMs, () => left)]);
  }

  return {
    attach(server) {
      gateway.attach(server);
      server.on("upgrade", (request, socket, head) => {
        if (notes.handleUpgrade(request, socket, head)) return;
        if (!(request.url ?? "").startsWith("/socket.io/")) rejectUpgrade(socket, "NOT_FOUND");
      });
      sweepSoon();
    },
    publishPrompt(meetingId, prompt, userIds) {
      if (userIds.length === 0) return;
      const rooms = userIds.map((userId) => personRoom(meetingId, userId));
      tell(namespace.to(rooms), "prompt:new", { meetingId, prompt });
    },
    publishMeeting(meetingId) {
      presence.publish(meetingId);
      // Whoever has only the notes open hears of no meeting, and must be judged by its new state all the same.
      const seen = new Set(presence.people(meetingId));
      for (const userId of notes.people(meetingId)) {
        if (!seen.has(userId)) void notes.recheckAccess(meetingId, userId);
      }
    },
    recheckAccess,
    async recheckAll() {
      const places = new Map(
        [...presence.places(), ...notes.places()].map((place) => [
          `${place.meetingId} ${place.userId}`,
          place,
        ]),
      );
      await Promise.all(
        [...places.values()].map(({ meetingId, userId }) => recheckAccess(meetingId, userId)),
      );
    },
    endSession: (sessionId) => endWhere((actor) => actor.sessionId === sessionId),
    endPeople: ({ userId, orgId }) =>
      endWhere(
        (actor) => (userId === null || actor.userId === userId) && (orgId === null || actor.orgId === orgId),
      ),
    moveSession(sessionId) {
      gateway.reconnect((actor) => actor.sessionId === sessionId);
      notes.reconnect((actor) => actor.sessionId === sessionId);
    },
    reloadNotes: (documentId) => notes.reload(documentId),
    invalidate: (topic) => live.invalidate(topic),
    stats: () => ({
      sockets: gateway.socketCount(),
      notesConnections: notes.connectionCount(),
      openDocuments: notes.roomCount(),
    }),
    stop: (graceMs) => (stopping ??= stopAll(graceMs)),
  };
}
