// The call as hooks: its session, its sound and picture, and the clock they share.
import { useCallback, useEffect, useMemo, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import type { MediaState } from "../../../shared/protocol/socket-events.ts";
import type { CallAccess } from "../../../shared/schemas/video.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useResource, useResourceState } from "../../ui/use-resource.ts";
import { type CallSession, createCallSession } from "./call-session.ts";
import { type CallState, initialCallState } from "./call-state.ts";
import { browserSignalling, browserTransport } from "./call-transport.ts";
import { measureClockOffset } from "./server-time.ts";
import { callStrings } from "./strings.ts";
import type { CallConnection, CallConnectionState, LocalTracks } from "./video/call-connection.ts";
import { PeerMesh } from "./video/peer-mesh.ts";
import { StreamCall, type StreamAccess } from "./video/stream-call.ts";

export function useCallSession(meetingId: MeetingId): { session: CallSession | null; state: CallState } {
  const open = useCallback(() => createCallSession(meetingId, browserTransport(meetingId)), [meetingId]);
  const session = useResource(open, closeIt);
  return { session, state: useResourceState(session, initialCallState) };
}

export type AccessState =
  { kind: "loading" } | { kind: "ready"; access: CallAccess } | { kind: "failed"; message: string };

/** What the browser needs for sound and picture; asked for once the meeting runs. */
export function useCallAccess(meetingId: MeetingId, running: boolean): AccessState {
  const [state, setState] = useState<AccessState>({ kind: "loading" });
  useEffect(() => {
    if (!running) return;
    const abort = new AbortController();
    call(endpoints.callAccess, { params: { id: meetingId } }, { signal: abort.signal })
      .then((access) => setState({ kind: "ready", access }))
      .catch((thrown: unknown) => {
        if (!abort.signal.aborted) setState({ kind: "failed", message: toApiError(thrown).message });
      });
    return () => abort.abort();
  }, [meetingId, running]);
  return state;
}

const outside: CallConnectionState = { status: { kind: "outside" }, remotes: new Map() };
const silent: MediaState = {
  microphone: false,
  camera: false,
  screen: false,
  hand: false,
  transcribing: false,
};

export interface UseCallConnection {
  meetingId: MeetingId;
  session: CallSession | null;
  /** Changes with every join of the meeting: the call is entered anew then. */
  joins: number;
  access: CallAccess | null;
  tracks: LocalTracks;
  media: MediaState;
}

export function useCallConnection({
  meetingId,
  session,
  joins,
  access,
  tracks,
  media,
}: UseCallConnection): CallConnectionState {
  const open = useMemo(() => {
    if (session === null || access === null) return null;
    if (access.provider === "stream") {
      return (): CallConnection =>
        new StreamCall({
          access,
          renew: () => renewed(meetingId),
          load: async () => (await import("virtual:stream-video")).StreamVideoClient,
          signalling: browserSignalling(meetingId),
          onEntered: session.entered,
          initialMedia: silent,
          words: callStrings.stream,
        });
    }
    const iceServers = access.iceServers.map(({ urls, username, credential }) => ({
      urls,
      ...(username === undefined ? {} : { username }),
      ...(credential === undefined ? {} : { credential }),
    }));
    return (): CallConnection =>
      new PeerMesh({
        iceServers,
        signalling: browserSignalling(meetingId),
        onEntered: session.entered,
        initialMedia: silent,
      });
  }, [session, access, meetingId]);
  const connection = useResource(open, leaveCall);
  const { audio, camera, screen } = tracks;

  // Order matters: what is sent and shown is set before the call is entered.
  useEffect(() => connection?.setTracks({ audio, camera, screen }), [connection, audio, camera, screen]);
  useEffect(() => connection?.setMedia(media), [connection, media]);
  useEffect(() => {
    if (joins > 0) void connection?.enter();
  }, [connection, joins]);

  return useResourceState(connection, outside);
}

async function renewed(meetingId: MeetingId): Promise<StreamAccess> {
  const access = await call(endpoints.callAccess, { params: { id: meetingId } });
  if (access.provider !== "stream") throw new Error("The call is not carried by the service any more.");
  return access;
}

/** The server's time in milliseconds, as this device can tell. */
export function useServerClock(): () => number {
  const [offsetMs, setOffsetMs] = useState(0);
  useEffect(() => {
    let current = true;
    void measureClockOffset(endpoints.status.path).then((measured) => {
      if (current) setOffsetMs(measured);
    });
    return () => {
      current = false;
    };
  }, []);
  return useCallback(() => Date.now() + offsetMs, [offsetMs]);
}

/** Now, again every second. */
export function useSecond(nowMs: () => number): number {
  const [now, setNow] = useState(nowMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMs()), 1_000);
    return () => clearInterval(timer);
  }, [nowMs]);
  return now;
}

function closeIt(session: CallSession): void {
  session.close();
}

function leaveCall(connection: CallConnection): void {
  connection.close();
}
