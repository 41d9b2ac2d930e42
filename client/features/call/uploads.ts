// Files on their way into the chat: one after another, each with its state, until a message takes them.
import type { Attachment } from "../../../shared/schemas/attachments.ts";
import { limits } from "../../../shared/limits.ts";

export type UploadState =
  | { kind: "waiting" }
  /** From 0 to 1. */
  | { kind: "sending"; share: number }
  | { kind: "ready"; attachment: Attachment }
  /** `again`: the same file may go through at another try. */
  | { kind: "failed"; problem: string; again: boolean };

export interface Upload {
  /** The upload's client key, which a retry keeps. */
  key: string;
  file: File;
  state: UploadState;
}

export interface Uploads {
  items: readonly Upload[];
  /** More than a message may bring are not taken; answers how many were left out. */
  add(files: readonly File[]): number;
  retry(key: string): void;
  /** Stops it where it is under way, and discards it where it has arrived. */
  remove(key: string): void;
  /** What is ready belongs to a message now; null while anything is under way or has failed. */
  take(): Attachment[] | null;
  onChange(listener: () => void): () => void;
  close(): void;
}

export interface UploadsTransport {
  newKey(): string;
  /** Rejects where the server refuses it, and where `signal` ends it. */
  send(
    file: File,
    key: string,
    options: { signal: AbortSignal; onProgress: (share: number) => void },
  ): Promise<Attachment>;
  discard(attachment: Attachment): void;
  describe(error: unknown): { problem: string; again: boolean };
}

export function createUploads(transport: UploadsTransport): Uploads {
  let items: readonly Upload[] = [];
  let running: { key: string; abort: AbortController } | null = null;
  let closed = false;
  const listeners = new Set<() => void>();

  const change = (next: readonly Upload[]) => {
    items = next;
    for (const listener of listeners) listener();
  };
  const setState = (key: string, state: UploadState) =>
    change(items.map((item) => (item.key === key ? { ...item, state } : item)));
  const has = (key: string) => items.some((item) => item.key === key);

  /** One at a time: a person's line is one. */
  async function pump(): Promise<void> {
    const next =
      running === null && !closed ? items.find(({ state }) => state.kind === "waiting") : undefined;
    if (next === undefined) return;
    const { key, file } = next;
    const abort = new AbortController();
    running = { key, abort };
    setState(key, { kind: "sending", share: 0 });
    try {
      const onProgress = (share: number) => {
        if (running?.key === key) setState(key, { kind: "sending", share });
      };
      const attachment = await transport.send(file, key, { signal: abort.signal, onProgress });
      // Removed while its last byte was under way.
      if (has(key)) setState(key, { kind: "ready", attachment });
      else transport.discard(attachment);
    } catch (error) {
      if (has(key)) setState(key, { kind: "failed", ...transport.describe(error) });
    }
    running = null;
    void pump();
  }

  return {
    get items() {
      return items;
    },
    add(files) {
      const room = Math.max(0, limits.attachmentsPerMessage - items.length);
      const taken = files.slice(0, room);
      change([
        ...items,
        ...taken.map((file) => ({ key: transport.newKey(), file, state: { kind: "waiting" } as const })),
      ]);
      void pump();
      return files.length - taken.length;
    },
    retry(key) {
      setState(key, { kind: "waiting" });
      void pump();
    },
    remove(key) {
      const item = items.find((one) => one.key === key);
      change(items.filter((one) => one !== item));
      if (running?.key === key) running.abort.abort();
      if (item?.state.kind === "ready") transport.discard(item.state.attachment);
    },
    take() {
      const ready = items.flatMap(({ state }) => (state.kind === "ready" ? state.attachment : []));
      if (ready.length < items.length) return null;
      change([]);
      return ready;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
      running?.abort.abort();
      listeners.clear();
    },
  };
}
