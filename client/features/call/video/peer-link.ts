// One WebRTC connection to one peer: perfect negotiation over a fixed layout of three media lines.
import { z } from "zod";
import type { LinkState, LocalTracks, RemoteMedia } from "./call-connection.ts";

export interface PeerLinkOptions {
  /**
   * Gives way when both sides offer at once, and leaves the first offer to the other. Exactly one side of a pair is
   * polite.
   */
  polite: boolean;
  configuration: RTCConfiguration;
  tracks: LocalTracks;
  cameraMaxBitsPerSecond: number;
  send: (kind: "description" | "candidate", payload: string) => void;
  onChange: () => void;
}

// Order of the media lines, the same on both sides: what is switched on and off later only changes their tracks, so
// that mute, camera, another device and a shared screen need no further negotiation.
const slots = ["audio", "camera", "screen"] as const;
type Slot = (typeof slots)[number];

const descriptionSchema = z.object({
  type: z.enum(["offer", "answer", "pranswer", "rollback"]),
  sdp: z.string(),
});
const candidateSchema = z.object({
  candidate: z.string(),
  sdpMid: z.string().nullish(),
  sdpMLineIndex: z.number().nullish(),
  usernameFragment: z.string().nullish(),
});

const firstAnswerWithinMs = 12_000;
const restartAfterMs = { impolite: 3_000, polite: 8_000 } as const;
const failedAfterRestarts = 3;

export class PeerLink {
  readonly #options: PeerLinkOptions;
  readonly #connection: RTCPeerConnection;
  readonly #stream = new MediaStream();
  #tracks: LocalTracks;
  #cameraMaxBitsPerSecond: number;
  #makingOffer = false;
  #ignoringOffer = false;
  #restarts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  /** Signals are taken one after the other, in the order in which they arrived. */
  #queue: Promise<void> = Promise.resolve();
  #remote: RemoteMedia = { audio: null, camera: null, screen: null, link: "connecting" };

  constructor(options: PeerLinkOptions) {
    this.#options = options;
    this.#tracks = options.tracks;
    this.#cameraMaxBitsPerSecond = options.cameraMaxBitsPerSecond;
    const connection = new RTCPeerConnection(options.configuration);
    this.#connection = connection;
    connection.addEventListener("negotiationneeded", () => void this.#offer());
    connection.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate !== null) options.send("candidate", JSON.stringify(candidate.toJSON()));
    });
    connection.addEventListener("connectionstatechange", () => this.#connectionChanged());
    if (!options.polite) {
      for (const slot of slots) {
        connection.addTransceiver(slot === "audio" ? "audio" : "video", {
          direction: "sendrecv",
          streams: slot === "screen" ? [] : [this.#stream],
        });
      }
      this.#useTransceivers();
    }
    this.#retryAfter(firstAnswerWithinMs);
  }

  get remote(): RemoteMedia {
    return this.#remote;
  }

  /** A signal of the peer; rubbish is ignored, as it can only harm the one who sent it. */
  receive(kind: "description" | "candidate", payload: string): void {
    this.#queue = this.#queue
      .then(() => (this.#closed ? undefined : this.#take(kind, payload)))
      .catch((error: unknown) => console.warn("A signal of a peer could not be used.", nameOf(error)));
  }

  setTracks(tracks: LocalTracks): void {
    this.#tracks = tracks;
    this.#sendTracks();
  }

  setCameraBitrate(maxBitsPerSecond: number): void {
    this.#cameraMaxBitsPerSecond = maxBitsPerSecond;
    this.#limitCamera();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#connection.close();
  }

  async #offer(): Promise<void> {
    try {
      this.#makingOffer = true;
      await this.#connection.setLocalDescription();
      this.#sendDescription();
    } catch (error) {
      if (!this.#closed) console.warn("An offer could not be made.", nameOf(error));
    } finally {
      this.#makingOffer = false;
    }
  }

  async #take(kind: "description" | "candidate", payload: string): Promise<void> {
    const value: unknown = JSON.parse(payload);
    if (kind === "description") await this.#takeDescription(descriptionSchema.parse(value));
    else await this.#takeCandidate(candidateSchema.parse(value));
  }

  async #takeDescription(description: { type: RTCSdpType; sdp: string }): Promise<void> {
    const connection = this.#connection;
    const collision =
      description.type === "offer" && (this.#makingOffer || connection.signalingState !== "stable");
    this.#ignoringOffer = !this.#options.polite && collision;
    if (this.#ignoringOffer) return;
    await connection.setRemoteDescription(description);
    if (description.type !== "offer") return;
    for (const transceiver of connection.getTransceivers()) transceiver.direction = "sendrecv";
    this.#useTransceivers();
    await connection.setLocalDescription();
    this.#sendDescription();
  }

  async #takeCandidate(candidate: z.infer<typeof candidateSchema>): Promise<void> {
    try {
      await this.#connection.addIceCandidate({
        candidate: candidate.candidate,
        sdpMid: candidate.sdpMid ?? null,
        sdpMLineIndex: candidate.sdpMLineIndex ?? null,
        usernameFragment: candidate.usernameFragment ?? null,
      });
    } catch (error) {
      // Candidates of an offer that was ignored have nothing to belong to.
      if (!this.#ignoringOffer) throw error;
    }
  }

  #sendDescription(): void {
    const description = this.#connection.localDescription;
    if (description !== null && !this.#closed) {
      this.#options.send("description", JSON.stringify({ type: description.type, sdp: description.sdp }));
    }
  }

  #useTransceivers(): void {
    const received = Object.fromEntries(
      slots.map((slot) => [slot, this.#transceiver(slot)?.receiver.track ?? null]),
    ) as Record<Slot, MediaStreamTrack | null>;
    for (const slot of ["audio", "camera"] as const) {
      // Sound and picture under one name, so that the other side plays them in step.
      this.#transceiver(slot)?.sender.setStreams?.(this.#stream);
    }
    this.#sendTracks();
    this.#setRemote(received);
  }

  #sendTracks(): void {
    for (const slot of slots) {
      const sender = this.#transceiver(slot)?.sender;
      if (sender === undefined || sender.track === this.#tracks[slot]) continue;
      sender
        .replaceTrack(this.#tracks[slot])
        .then(() => this.#limitCamera())
        .catch((error: unknown) => {
          if (!this.#closed) console.warn("A track could not be sent.", nameOf(error));
        });
    }
  }

  #limitCamera(): void {
    const sender = this.#transceiver("camera")?.sender;
    if (sender === undefined || this.#closed) return;
    const parameters = sender.getParameters();
    const [encoding] = parameters.encodings;
    if (encoding === undefined || encoding.maxBitrate === this.#cameraMaxBitsPerSecond) return;
    encoding.maxBitrate = this.#cameraMaxBitsPerSecond;
    sender.setParameters(parameters).catch(() => undefined);
  }

  #transceiver(slot: Slot): RTCRtpTransceiver | undefined {
    return this.#connection.getTransceivers()[slots.indexOf(slot)];
  }

  #connectionChanged(): void {
    switch (this.#connection.connectionState) {
      case "connected":
        clearTimeout(this.#timer);
        this.#restarts = 0;
        this.#limitCamera();
        return this.#setRemote({ link: "connected" });
      case "disconnected":
        this.#retryAfter(this.#restartDelay);
        return this.#setRemote({ link: "interrupted" });
      case "failed":
        return this.#retry();
      default:
        return;
    }
  }

  #retryAfter(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#retry(), delayMs);
  }

  /** Looks for another way to the peer, again and again; after some attempts it is called failed. */
  #retry(): void {
    if (this.#closed || this.#connection.connectionState === "connected") return;
    this.#restarts += 1;
    const link: LinkState = this.#restarts > failedAfterRestarts ? "failed" : "interrupted";
    this.#setRemote({
      link: this.#restarts === 1 && this.#remote.link === "connecting" ? "connecting" : link,
    });
    // An offer that was never answered is sent again as it is; otherwise a new one with new candidates.
    if (this.#connection.signalingState === "have-local-offer") this.#sendDescription();
    else if (this.#connection.remoteDescription !== null) this.#connection.restartIce();
    this.#retryAfter(this.#restartDelay + firstAnswerWithinMs);
  }

  get #restartDelay(): number {
    return this.#options.polite ? restartAfterMs.polite : restartAfterMs.impolite;
  }

  #setRemote(change: Partial<RemoteMedia>): void {
    if (this.#closed) return;
    this.#remote = { ...this.#remote, ...change };
    this.#options.onChange();
  }
}

// Names of errors only: an SDP or an address of a person is nothing for a log.
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
