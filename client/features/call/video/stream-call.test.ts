// Sound and picture by Stream, over a stand-in for its client with the same calls: no network, no media.
import { beforeEach, expect, test, vi } from "vitest";
import type { UserId } from "../../../../shared/ids.ts";
import type { CallPeer } from "../../../../shared/protocol/socket-events.ts";
import { ApiError } from "../../../api/errors.ts";
import { StreamCall, type StreamAccess } from "./stream-call.ts";
import type { StreamClientCall, StreamParticipant, StreamVideoClientClass } from "./stream-client.ts";

class FakeStream {
  readonly tracks: unknown[];
  constructor(tracks: unknown[]) {
    this.tracks = tracks;
  }
  getAudioTracks = () => this.tracks;
  getVideoTracks = () => this.tracks;
}
const trackNamed = (name: string) => ({ name }) as unknown as MediaStreamTrack;
const streamOf = (name: string) => new FakeStream([trackNamed(name)]) as unknown as MediaStream;

const media = { microphone: false, camera: false, screen: false, hand: false, transcribing: false };
const peer = (peerId: string, userId: string): CallPeer => ({
  peerId,
  userId: userId as UserId,
  displayName: peerId,
  media,
});
const access: StreamAccess = {
  provider: "stream",
  apiKey: "key",
  userId: "me",
  token: "first",
  expiresAt: "2026-01-05T10:00:00.000Z",
  callType: "default",
  callId: "a".repeat(24),
  maxPeers: 60,
  baseUrl: null,
};
const words = { missing: "missing", failed: "failed", ended: "ended" };
const none = { audio: null, camera: null, screen: null };

function watched<Value>() {
  const listeners = new Set<(value: Value) => void>();
  return {
    listeners,
    tell: (value: Value) => listeners.forEach((listener) => listener(value)),
    subscribe(listener: (value: Value) => void) {
      listeners.add(listener);
      return { unsubscribe: () => listeners.delete(listener) };
    },
  };
}

function open({ built = true, peers = [peer("mine", "me"), peer("p1", "ann")] } = {}) {
  const did: string[] = [];
  const participants = watched<readonly StreamParticipant[]>();
  const callingState = watched<string>();
  let onPeers: (peers: CallPeer[]) => void = () => undefined;
  let joins: () => Promise<void> = () => Promise.resolve();
  let provideToken: () => Promise<string> = () => Promise.reject(new Error("none"));
  const note = (what: string) => Promise.resolve(void did.push(what));
  const call: StreamClientCall = {
    state: {
      participants$: participants,
      callingState$: callingState,
      updateParticipantTracks: (track, changes) => did.push(`ask ${track} of ${Object.keys(changes).join()}`),
    },
    camera: { disable: () => note("camera off") },
    microphone: { disable: () => note("microphone off") },
    join: () => note("join").then(() => joins()),
    leave: () => note("leave"),
    publish: (stream, track) =>
      note(`publish ${track} ${(stream.getAudioTracks()[0] as unknown as { name: string }).name}`),
    stopPublish: (track) => note(`stop ${track}`),
    setPreferredIncomingVideoResolution: () => void did.push("apply"),
  };
  class Client {
    constructor(options: ConstructorParameters<StreamVideoClientClass>[0]) {
      provideToken = options.tokenProvider;
      did.push(`client ${options.user.id} ${options.token}`);
    }
    call = (type: string, id: string) => {
      did.push(`call ${type}:${id}`);
      return call;
    };
    disconnectUser = () => note("disconnect");
  }
  const connection = new StreamCall({
    access,
    words,
    initialMedia: media,
    onEntered: () => undefined,
    renew: () => Promise.resolve({ ...access, token: "second" }),
    load: () => Promise.resolve(built ? Client : null),
    signalling: {
      enter: () => Promise.resolve({ peerId: "mine", peers }),
      leave: () => note("left"),
      setMedia: () => note("media"),
      signal: () => Promise.reject(new Error("nobody signals")),
      onSignal: () => () => undefined,
      onPeers: (listener) => {
        onPeers = listener;
        return () => undefined;
      },
    },
  });
  return {
    connection,
    did,
    participants,
    callingState,
    tellPeers: (now: CallPeer[]) => onPeers(now),
    failJoining: (run: () => Promise<void>) => (joins = run),
    token: () => provideToken(),
  };
}

const participant = (sessionId: string, userId: string, more: Partial<StreamParticipant> = {}) => ({
  sessionId,
  userId,
  publishedTracks: [],
  ...more,
});
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

beforeEach(() => {
  vi.stubGlobal("MediaStream", FakeStream);
});

test("[VIDEO-11] it enters our list first, then Stream's room, with its own devices off and a token that is renewed", async () => {
  const { connection, did, token } = open();
  await connection.enter();
  expect(did).toEqual([
    "client me first",
    `call default:${access.callId}`,
    "camera off",
    "microphone off",
    "join",
  ]);
  expect(connection.getState().status).toEqual({ kind: "inside" });
  expect(await token()).toBe("second");
  await connection.enter();
  expect(did.filter((one) => one === "join")).toHaveLength(1);
  connection.close();
});

test("[VIDEO-11] tracks go and end as they change, in order, and none before it is inside", async () => {
  const { connection, did } = open();
  connection.setTracks({ ...none, audio: trackNamed("a1") });
  await settled();
  expect(did).toEqual([]);
  await connection.enter();
  connection.setTracks({ ...none, audio: trackNamed("a2"), screen: trackNamed("s1") });
  await settled();
  connection.setTracks(none);
  await settled();
  const sent = did.filter((one) => /publish|stop/.test(one));
  expect(sent.at(-1)).toBe("stop 3");
  expect(sent).toEqual(expect.arrayContaining(["publish 1 a2", "publish 3 s1", "stop 1"]));
  expect(sent).not.toContain("stop 2");
  connection.close();
});

test("[VIDEO-11] what others send is shown with the peers of our own list, two devices of a person in their order", async () => {
  const peers = [peer("mine", "me"), peer("p1", "ann"), peer("p2", "ann"), peer("p3", "ben")];
  const { connection, did, participants, callingState } = open({ peers });
  await connection.enter();
  callingState.tell("joined");
  participants.tell([
    participant("s0", "me", { isLocalParticipant: true, videoStream: streamOf("mine") }),
    participant("s1", "ann", { audioStream: streamOf("ann 1"), publishedTracks: [1] }),
    participant("s2", "ann", { screenShareStream: streamOf("ann 2"), publishedTracks: [3] }),
    participant("s9", "stranger", { videoStream: streamOf("stranger") }),
  ]);
  const { remotes } = connection.getState();
  expect([...remotes]).toEqual([
    ["p1", { ...none, audio: { name: "ann 1" }, link: "connected" }],
    ["p2", { ...none, screen: { name: "ann 2" }, link: "connected" }],
    ["p3", { ...none, link: "connecting" }],
  ]);
  expect(did).toContain("ask videoTrack of s1,s2,s9");
  callingState.tell("reconnecting");
  expect(connection.getState().remotes.get("p1")?.link).toBe("interrupted");
  connection.close();
});

test("[VIDEO-11] who is put out, or whose room ended, is told so and does not go back in by itself", async () => {
  const { connection, did, callingState } = open();
  await connection.enter();
  callingState.tell("left");
  await settled();
  expect(connection.getState().status).toEqual({ kind: "refused", message: "ended" });
  expect(did.filter((one) => one === "join")).toHaveLength(1);
  expect(did).toContain("disconnect");
  connection.close();
});

test("[VIDEO-11] a service that cannot be reached, and pages without its package, are told in words", async () => {
  const away = open();
  away.failJoining(() => Promise.reject(new ApiError("INTERNAL", "words of theirs")));
  await away.connection.enter();
  expect(away.connection.getState().status).toEqual({ kind: "refused", message: "failed" });
  away.failJoining(() => Promise.resolve());
  await away.connection.enter();
  expect(away.connection.getState().status).toEqual({ kind: "inside" });
  away.connection.close();
  const { connection } = open({ built: false });
  await connection.enter();
  expect(connection.getState().status).toEqual({ kind: "refused", message: "missing" });
  connection.close();
});

test("[VIDEO-11] closing leaves both, also where it comes while the room is entered", async () => {
  const { connection, did, participants } = open();
  await connection.enter();
  connection.close();
  await settled();
  expect(did).toEqual(expect.arrayContaining(["leave", "disconnect", "left"]));
  expect(participants.listeners.size).toBe(0);
  const slow = open();
  const gate = Promise.withResolvers<undefined>();
  slow.failJoining(async () => void (await gate.promise));
  const entering = slow.connection.enter();
  await settled();
  slow.connection.close();
  gate.resolve(undefined);
  await entering;
  await settled();
  expect(slow.did).toContain("leave");
  expect(slow.participants.listeners.size).toBe(0);
});
