// One layer of notes on this page: the Yjs document, its copy on this device, its connection and whether it is saved.
import * as decoding from "lib0/decoding";
import { IndexeddbPersistence } from "y-indexeddb";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { notesCloseCode, notesMessage } from "../../../shared/protocol/notes-sync.ts";
import { spreadReconnects } from "../../../shared/protocol/reconnect.ts";
import { keptCopyName, type NotesPlace } from "./kept-copy.ts";
import {
  hasUnsafeEdits,
  initialSaveState,
  reduceSave,
  type SaveEvent,
  type SaveState,
} from "./save-state.ts";
import { readRefusal, updateStep } from "./sync-frames.ts";

export interface NotesSessionOptions extends NotesPlace {
  mayWrite: boolean;
  /** Asks the server for a fresh session; false where the person has to sign in again. */
  renewSession: () => Promise<boolean>;
}

export interface NotesSessionState {
  save: SaveState;
  /** Edits survive a reload of the page without a connection. */
  keptOnDevice: boolean;
  /** The server's document has arrived: what is shown is complete. */
  synced: boolean;
}

/** A renewed session that is refused all the same must not be renewed for ever. */
const renewalsMax = 3;
const lingerMs = 60_000;
/** How long is waited for what was kept on this device. */
const storageMaxMs = 4_000;

export class NotesSession {
  readonly document = new Y.Doc();
  readonly provider: WebsocketProvider;
  #state: NotesSessionState;
  #persistence: IndexeddbPersistence | null = null;
  #closed = false;
  #leaving = false;
  #lingering: ReturnType<typeof setTimeout> | undefined;
  #renewals = 0;
  readonly #listeners = new Set<() => void>();
  readonly #options: NotesSessionOptions;

  constructor(options: NotesSessionOptions) {
    this.#options = options;
    this.#state = { save: initialSaveState(options.mayWrite), keptOnDevice: false, synced: false };
    const { meetingId, layer } = options;
    this.provider = new WebsocketProvider(
      `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/notes`,
      layer === "mine" ? `${meetingId}/mine` : meetingId,
      this.document,
      {
        connect: false,
        // Between tabs of one browser edits would pass by the server, and by the count of what it has.
        disableBc: true,
        WebSocketPolyfill: countingSocket((step) => this.#save({ type: "sent", step })),
      },
    );
    spreadReconnects(this.provider, Math.random);
    this.#listenToProvider();
    this.document.on("update", this.#edited);
    void this.#start();
  }

  readonly getState = (): NotesSessionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** After the server gave a final no, and the person wants to try again. */
  reconnect(): void {
    this.#renewals = 0;
    this.#save({ type: "resumed" });
    this.provider.connect();
  }

  /**
   * Nobody looks any more. What the server does not have yet is still brought there, within a bound: the call may end
   * for everybody at the very moment in which somebody comes back with edits of their own.
   */
  close(): void {
    this.#listeners.clear();
    this.provider.awareness.setLocalState(null);
    this.#leaving = true;
    this.#lingering = setTimeout(() => this.#dispose(), lingerMs);
    this.#disposeWhenSafe();
  }

  #disposeWhenSafe(): void {
    const { save } = this.#state;
    if (!hasUnsafeEdits(save) || save.connection.kind === "ended" || save.refusal !== null) this.#dispose();
  }

  #dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#lingering);
    this.document.off("update", this.#edited);
    this.provider.destroy();
    void this.#persistence?.destroy().catch(() => undefined);
    this.document.destroy();
  }

  async #start(): Promise<void> {
    if (await storageWorks()) {
      if (this.#closed) return;
      const persistence = new IndexeddbPersistence(keptCopyName(this.#options), this.document);
      this.#persistence = persistence;
      const kept = persistence.whenSynced.then(() => this.#set({ keptOnDevice: true }));
      // Connected only afterwards: the first answer to the server shall hold what was kept here. A device that does not
      // answer, such as a full one, keeps nobody from the server; what it brings later is sent as edits are.
      await Promise.race([kept, passed(storageMaxMs)]);
    }
    if (!this.#closed) this.provider.connect();
  }

  readonly #edited = (_update: Uint8Array, origin: unknown): void => {
    if (origin !== this.provider && origin !== this.#persistence) this.#save({ type: "edited" });
  };

  #listenToProvider(): void {
    const { provider } = this;
    provider.messageHandlers[notesMessage.durable] = (_encoder, decoder) => {
      this.#save({ type: "durable", frames: decoding.readVarUint(decoder) });
    };
    provider.messageHandlers[notesMessage.refused] = (_encoder, decoder) => {
      const refusal = readRefusal(decoding.readVarString(decoder));
      if (refusal !== null) this.#save({ type: "refused", message: refusal.message });
    };
    provider.on("status", ({ status }) => {
      if (status === "connected") this.#save({ type: "opened" });
    });
    provider.on("connection-close", () => this.#save({ type: "lost" }));
    provider.on("sync", (synced) => {
      if (synced) this.#set({ synced: true });
    });
    provider.on("closed", ({ code }) => this.#ended(code));
  }

  // The provider comes back by itself after every other code.
  #ended(code: number): void {
    if (code === notesCloseCode.unauthorized) {
      this.#save({ type: "ended", reason: "signed-out" });
      if (this.#renewals < renewalsMax) void this.#renew();
    } else {
      this.#save({ type: "ended", reason: code === notesCloseCode.tooBig ? "too-big" : "forbidden" });
    }
  }

  async #renew(): Promise<void> {
    this.#renewals += 1;
    const renewed = await this.#options.renewSession();
    if (!renewed || this.#closed) return;
    this.#save({ type: "resumed" });
    this.provider.connect();
  }

  #save(event: SaveEvent): void {
    this.#set({ save: reduceSave(this.#state.save, event) });
  }

  #set(change: Partial<NotesSessionState>): void {
    if (this.#closed) return;
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
    // Not within the provider's own event, which goes on with what would be gone.
    if (this.#leaving) queueMicrotask(() => this.#disposeWhenSafe());
  }
}

/** A WebSocket that tells of each outgoing frame with an edit, at the moment it leaves. */
function countingSocket(sent: (step: "two" | "update") => void): typeof WebSocket {
  return class CountingSocket extends WebSocket {
    override send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
      const step = data instanceof Uint8Array ? updateStep(data) : null;
      if (step !== null) sent(step);
      super.send(data as Uint8Array<ArrayBuffer>);
    }
  };
}

/** Private windows and full disks refuse storage; asked with a name of our own before anything relies on it. */
function storageWorks(): Promise<boolean> {
  return new Promise((resolve) => {
    void passed(storageMaxMs).then(() => resolve(false));
    try {
      const request = indexedDB.open("connvo-probe");
      request.onsuccess = () => {
        request.result.close();
        resolve(true);
      };
      request.onerror = () => resolve(false);
      request.onblocked = () => resolve(false);
    } catch {
      resolve(false);
    }
  });
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
