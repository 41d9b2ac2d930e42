// Documents built from their updates, off the hot path: only for snapshots and for the text, and kept a while.
import * as Y from "yjs";
import { notesFragmentName } from "../../../shared/protocol/notes-sync.ts";
import type { Clock } from "../../platform/clock.ts";
import { createInOrder } from "../../platform/in-order.ts";
import type { Logger } from "../../platform/logger.ts";
import type { NotesLog } from "./notes.log.ts";
import { toMarkdown } from "./notes.markdown.ts";
import type { StoredUpdate } from "./notes.repository.ts";

export interface BuiltText {
  content: string;
  /** Sequence of the last update in it. */
  version: number;
  updatedAt: Date | null;
}

export interface BuiltDocuments {
  /** The Markdown with everything that was durable at the time of the call. */
  text(documentId: string): Promise<BuiltText>;
  /** The state with everything durable, and the sequence it reaches; null where an update could not be applied. */
  state(documentId: string): Promise<{ bytes: Uint8Array; sequence: number } | null>;
}

interface Built {
  doc: Y.Doc;
  sequence: number;
  updatedAt: Date | null;
  bytes: number;
  /** Updates that Yjs could not apply: the text is made without them, a snapshot is not made at all. */
  skipped: number;
  text: BuiltText | null;
  usedAtMs: number;
}

const keptDocuments = 1_000;
const keptBytes = 64 * 1024 * 1024;
const keptMs = 60_000;

export function createBuiltDocuments({
  log,
  clock,
  logger,
}: {
  log: NotesLog;
  clock: Clock;
  logger: Logger;
}): BuiltDocuments {
  // In order of use: the one used longest ago comes first.
  const kept = new Map<string, Built>();
  const turns = createInOrder();
  let bytes = 0;

  function apply(documentId: string, built: Built, updates: StoredUpdate[]): void {
    for (const { update, sequence, at } of updates) {
      try {
        Y.applyUpdate(built.doc, update);
      } catch (error) {
        built.skipped += 1;
        logger.error({ documentId, sequence, error: error as Error }, "notes update cannot be applied");
      }
      built.sequence = sequence;
      built.updatedAt = at;
      built.bytes += update.byteLength;
    }
  }

  async function build(documentId: string): Promise<Built> {
    const { state, updates, sequence } = await log.all(documentId);
    const doc = new Y.Doc();
    const built: Built = {
      doc,
      sequence: updates[0] === undefined ? sequence : updates[0].sequence - 1,
      updatedAt: null,
      bytes: 0,
      skipped: 0,
      text: null,
      usedAtMs: 0,
    };
    if (state !== null) {
      Y.applyUpdate(doc, state);
      built.bytes += state.byteLength;
    }
    apply(documentId, built, updates);
    return built;
  }

  /** Brings the document up to date and uses it; one after another for each document. */
  function use<Result>(documentId: string, run: (built: Built) => Result): Promise<Result> {
    return turns.run(documentId, async () => {
      const known = kept.get(documentId);
      if (known !== undefined) forget(documentId, known, false);
      const built = known ?? (await build(documentId));
      if (known !== undefined) apply(documentId, built, await log.after(documentId, built.sequence));
      built.usedAtMs = clock.monotonicMs();
      kept.set(documentId, built);
      bytes += built.bytes;
      const result = run(built);
      tidy();
      return result;
    });
  }

  function forget(documentId: string, built: Built, destroy: boolean): void {
    kept.delete(documentId);
    bytes -= built.bytes;
    if (destroy) built.doc.destroy();
  }

  function tidy(): void {
    const idleSinceMs = clock.monotonicMs() - keptMs;
    for (const [documentId, built] of kept) {
      if (kept.size <= keptDocuments && bytes <= keptBytes && built.usedAtMs > idleSinceMs) return;
      forget(documentId, built, true);
    }
  }

  return {
    text: (documentId) =>
      use(documentId, (built) => {
        if (built.text === null || built.text.version !== built.sequence) {
          const content = toMarkdown(built.doc.getXmlFragment(notesFragmentName));
          built.text = { content, version: built.sequence, updatedAt: built.updatedAt };
        }
        return built.text;
      }),

    state: (documentId) =>
      use(documentId, (built) => {
        if (built.skipped > 0) return null;
        const state = Y.encodeStateAsUpdate(built.doc);
        // What it holds is measured anew: a long history may have become a short text.
        bytes += state.byteLength - built.bytes;
        built.bytes = state.byteLength;
        return { bytes: state, sequence: built.sequence };
      }),
  };
}
