// The page's real connection, as the call's session wants it.
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { call } from "../../api/http.ts";
import { randomKey } from "../../api/random-key.ts";
import { connectionState, emit, onConnected, onConnectionState, onServerEvent } from "../../api/socket.ts";
import type { CallTransport } from "./call-session.ts";
import type { Signalling } from "./video/call-connection.ts";

export function browserTransport(meetingId: MeetingId): CallTransport {
  const params = { id: meetingId };
  return {
    emit,
    onServerEvent,
    onConnected,
    onConnection: (listener) => onConnectionState(() => listener(connectionState() === "connected")),
    readTranscript: (query) => call(endpoints.readTranscript, { params, query }),
    readMessages: (query) => call(endpoints.listMessages, { params, query }),
    schedule(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    newKey: randomKey,
    now: () => new Date(),
  };
}

export function browserSignalling(meetingId: MeetingId): Signalling {
  return {
    enter: (media) => emit("call:enter", { meetingId, media }),
    leave: () => emit("call:leave", { meetingId }),
    setMedia: (media) => emit("call:media", { meetingId, media }),
    signal: (toPeerId, kind, payload) =>
      emit("call:signal", { meetingId, toPeerId, signal: { kind, payload } }),
    onSignal: (listener) =>
      onServerEvent("call:signal", (event) => {
        if (event.meetingId === meetingId) {
          listener(event.fromPeerId, event.signal.kind, event.signal.payload);
        }
      }),
    onPeers: (listener) =>
      onServerEvent("call:peers", (event) => {
        if (event.meetingId === meetingId) listener(event.peers);
      }),
  };
}
