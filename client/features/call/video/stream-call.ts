// Sound and picture by Stream: who is here and with which devices say our own sockets, Stream carries what they send.
import type { CallPeer } from "../../../../shared/protocol/socket-events.ts";
import type { CallAccess } from "../../../../shared/schemas/video.ts";
import type { LinkState, LocalTracks, RemoteMedia } from "./call-connection.ts";
import { EnteredCall, type EnteredCallOptions } from "./entered-call.ts";
import {
  streamTracks,
  type StreamClientCall,
  type StreamParticipant,
  type StreamVideoClientClass,
  type StreamVideoClientInstance,
} from "./stream-client.ts";

export type StreamAccess = Extract<CallAccess, { provider: "stream" }>;

export interface StreamCallOptions extends EnteredCallOptions {
  access: StreamAccess;
  /** Asks for another token: rejects where the person may not be in the call any more. */
  renew(): Promise<StreamAccess>;
  /** Null where the pages were built without it. */
  load(): Promise<StreamVideoClientClass | null>;
  words: { missing: string; failed: string; ended: string };
}

const slots = ["audio", "camera", "screen"] as const;
const pictures = {
  videoTrack: { width: 1_280, height: 720 },
  screenShareTrack: { width: 1_920, height: 1_080 },
} as const;
const links: Readonly<Record<string, LinkState>> = {
  joined: "connected",
  reconnecting: "interrupted",
  migrating: "interrupted",
  offline: "interrupted",
  "reconnecting-failed": "failed",
};

export class StreamCall extends EnteredCall {
  protected readonly retryEnterAfterMs = 5_000;
  readonly #options: StreamCallOptions;
  #sent: LocalTracks = { audio: null, camera: null, screen: null };
  #sending: Promise<void> = Promise.resolve();
  #peers: CallPeer[] = [];
  #client: StreamVideoClientInstance | null = null;
  #call: StreamClientCall | null = null;
  #joining: Promise<void> | null = null;
  #watching: { unsubscribe(): void }[] = [];
  #participants: readonly StreamParticipant[] = [];
  #asked = "";
  #link: LinkState = "connecting";

  constructor(options: StreamCallOptions) {
    super(options);
    this.#options = options;
    this.removals.push(
      options.signalling.onPeers((peers) => {
        this.#peers = peers;
        this.changed();
      }),
    );
  }

  /** Stream's client finds its own way back: what it holds is kept. */
  protected left(): void {}

  protected async entered(peers: CallPeer[], stale: () => boolean): Promise<void> {
    this.#peers = peers;
    try {
      await (this.#joining ??= this.#join());
      if (stale()) return;
      this.set({ kind: "inside" });
      this.#send();
    } catch (thrown) {
      await this.#drop();
      if (stale()) return;
      const missing = thrown instanceof NotBuiltIn;
      this.set({ kind: "refused", message: this.#options.words[missing ? "missing" : "failed"] });
      if (!missing) this.enterLater();
    }
  }

  protected tracksChanged(): void {
    this.#send();
  }

  protected ended(): void {
    void this.#drop();
  }

  protected remotes(): Map<string, RemoteMedia> {
    const remotes = new Map<string, RemoteMedia>();
    const seen = new Map<string, number>();
    for (const { peerId, userId } of this.#peers) {
      if (peerId === this.myPeerId) continue;
      // Who is here with two devices: both lists have them in the order in which they came.
      const place = seen.get(userId) ?? 0;
      seen.set(userId, place + 1);
      const participant = this.#participants.filter((one) => one.userId === userId)[place];
      remotes.set(peerId, {
        audio: participant?.audioStream?.getAudioTracks()[0] ?? null,
        camera: participant?.videoStream?.getVideoTracks()[0] ?? null,
        screen: participant?.screenShareStream?.getVideoTracks()[0] ?? null,
        link: participant === undefined ? "connecting" : this.#link,
      });
    }
    return remotes;
  }

  async #join(): Promise<void> {
    const { access, load, renew } = this.#options;
    const Client = await load();
    if (Client === null) throw new NotBuiltIn();
    if (this.closed) return;
    const client = new Client({
      apiKey: access.apiKey,
      user: { id: access.userId },
      token: access.token,
      tokenProvider: async () => (await renew()).token,
      options: {
        logLevel: "error",
        clientEventsReportingEnabled: false,
        ...(access.baseUrl === null ? {} : { baseURL: access.baseUrl }),
      },
    });
    this.#client = client;
    const call = client.call(access.callType, access.callId);
    this.#call = call;
    // Devices are ours: Stream's client would switch them on by itself where its call type says so.
    await Promise.all([call.camera.disable(), call.microphone.disable()]);
    await call.join({ create: false });
    if (this.closed) return await this.#drop();
    this.#watching = [
      call.state.participants$.subscribe((participants) => this.#setParticipants(participants)),
      call.state.callingState$.subscribe((state) => this.#setCallingState(state)),
    ];
  }

  #setParticipants(participants: readonly StreamParticipant[]): void {
    this.#participants = participants.filter(({ isLocalParticipant }) => isLocalParticipant !== true);
    // Pictures are sent here only when they are asked for, and again when somebody begins to send another one.
    const wanted = JSON.stringify(
      this.#participants.map(({ sessionId, publishedTracks }) => [sessionId, publishedTracks]),
    );
    if (wanted !== this.#asked && this.#call !== null) {
      this.#asked = wanted;
      for (const track of ["videoTrack", "screenShareTrack"] as const) {
        const dimension = pictures[track];
        this.#call.state.updateParticipantTracks(
          track,
          Object.fromEntries(this.#participants.map(({ sessionId }) => [sessionId, { dimension }])),
        );
      }
      this.#call.setPreferredIncomingVideoResolution(pictures.videoTrack);
    }
    this.changed();
  }

  #setCallingState(state: string): void {
    this.#link = links[state] ?? "connecting";
    this.changed();
    if (state !== "left" && state !== "reconnecting-failed") return;
    // Nobody here has left: the room ended, the person was put out of it, or it cannot be reached.
    void this.#drop();
    this.set({ kind: "refused", message: this.#options.words[state === "left" ? "ended" : "failed"] });
    if (state !== "left") this.enterLater();
  }

  /** One after the other: what is to be sent is looked up when it is its turn. */
  #send(): void {
    this.#sending = this.#sending
      .then(async () => {
        for (const slot of slots) {
          const call = this.#call;
          const track = this.tracks[slot];
          if (call === null || this.status.kind !== "inside" || track === this.#sent[slot]) continue;
          if (track === null) await call.stopPublish(streamTracks[slot]);
          else await call.publish(new MediaStream([track]), streamTracks[slot]);
          this.#sent = { ...this.#sent, [slot]: track };
        }
      })
      .catch((error: unknown) => {
        if (!this.closed)
          console.warn("A track could not be sent.", error instanceof Error ? error.name : "unknown");
      });
  }

  async #drop(): Promise<void> {
    const [call, client] = [this.#call, this.#client];
    for (const watched of this.#watching.splice(0)) watched.unsubscribe();
    this.#call = null;
    this.#client = null;
    this.#joining = null;
    this.#participants = [];
    this.#asked = "";
    this.#sent = { audio: null, camera: null, screen: null };
    // Where it has left already, that is what was wanted.
    await call?.leave().catch(() => undefined);
    await client?.disconnectUser().catch(() => undefined);
  }
}

class NotBuiltIn extends Error {
  override readonly name = "NotBuiltIn";
}
