// What every kind of call does: enter by our own sockets, again where that makes sense, and tell who listens.
import type { CallPeer, MediaState } from "../../../../shared/protocol/socket-events.ts";
import { toApiError } from "../../../api/errors.ts";
import type {
  CallConnection,
  CallConnectionState,
  LocalTracks,
  RemoteMedia,
  Signalling,
} from "./call-connection.ts";

export interface EnteredCallOptions {
  signalling: Signalling;
  /** One's own peer id and everybody's, after each entering. */
  onEntered: (peerId: string, peers: CallPeer[]) => void;
  initialMedia: MediaState;
}

export abstract class EnteredCall implements CallConnection {
  protected readonly signalling: Signalling;
  protected readonly removals: (() => void)[] = [];
  protected abstract readonly retryEnterAfterMs: number;
  protected tracks: LocalTracks = { audio: null, camera: null, screen: null };
  protected myPeerId: string | null = null;
  protected closed = false;
  readonly #onEntered: EnteredCallOptions["onEntered"];
  readonly #listeners = new Set<() => void>();
  #state: CallConnectionState = { status: { kind: "outside" }, remotes: new Map() };
  #media: MediaState;
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ signalling, onEntered, initialMedia }: EnteredCallOptions) {
    this.signalling = signalling;
    this.#onEntered = onEntered;
    this.#media = initialMedia;
  }

  readonly getState = (): CallConnectionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** After a lost connection, too: each time anew. */
  async enter(): Promise<void> {
    clearTimeout(this.#timer);
    const attempt = (this.#attempts += 1);
    const stale = () => this.closed || attempt !== this.#attempts;
    this.myPeerId = null;
    this.left();
    if (this.#state.status.kind !== "refused") this.set({ kind: "entering" });
    const media = this.#media;
    try {
      const { peerId, peers } = await this.signalling.enter(media);
      if (stale()) return;
      this.myPeerId = peerId;
      this.#onEntered(peerId, peers);
      if (media !== this.#media) this.#tellMedia();
      await this.entered(peers, stale);
    } catch (thrown) {
      if (stale()) return;
      const error = toApiError(thrown);
      // A lost connection enters by itself when it is back; a full call may have a free place later.
      if (error.code === "NETWORK") return;
      this.set({ kind: "refused", message: error.message });
      if (error.retryable || error.code === "MEETING_FULL") this.enterLater();
    }
  }

  setTracks(tracks: LocalTracks): void {
    this.tracks = tracks;
    this.tracksChanged();
  }

  setMedia(media: MediaState): void {
    if (JSON.stringify(media) === JSON.stringify(this.#media)) return;
    this.#media = media;
    if (this.myPeerId !== null) this.#tellMedia();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.#timer);
    for (const remove of this.removals) remove();
    this.#listeners.clear();
    this.ended();
    if (this.myPeerId !== null) this.signalling.leave().catch(() => undefined);
  }

  /** Before each entering: what was held with the former peers. */
  protected abstract left(): void;
  /** Says itself when sound and picture are there. What it throws refuses the call as the server's own refusal does. */
  protected abstract entered(peers: CallPeer[], stale: () => boolean): void | Promise<void>;
  protected abstract tracksChanged(): void;
  protected abstract ended(): void;
  protected abstract remotes(): Map<string, RemoteMedia>;

  protected get status(): CallConnectionState["status"] {
    return this.#state.status;
  }

  protected set(status: CallConnectionState["status"]): void {
    this.#state = { ...this.#state, status };
    this.changed();
  }

  protected changed(): void {
    if (this.closed) return;
    this.#state = { ...this.#state, remotes: this.remotes() };
    for (const listener of this.#listeners) listener();
  }

  protected enterLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.enter(), this.retryEnterAfterMs);
  }

  #tellMedia(): void {
    // Without a connection the next entering tells it.
    this.signalling.setMedia(this.#media).catch(() => undefined);
  }
}
