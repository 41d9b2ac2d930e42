// Documents built from their updates, off the hot path: for snapshots, for the text, for edits without Yjs; and kept a while.
import * as Y from "yjs";
import { notesFragmentName } from "../../../shared/protocol/notes-sync.ts";
import type { Clock } from "../../platform/clock.ts";
import { createInOrder } from "../../platform/in-order.ts";
import type { Logger } from "../../platform/logger.ts";
import { layoutOf, type DocumentLayout } from "./notes.layout.ts";
import type { NotesLog } from "./notes.log.ts";
import { toMarkdown } from "./notes.markdown.ts";
import type { StoredUpdate } from "./notes.repository.ts";
import { applyNew } from "./notes.updates.ts";

export interface BuiltText {
  /** As Markdown. */
  content: string;
  /** As the plain text that positions count in. */
  text: string;
  /** Sequence of the last update in it. */
  version: number;
  updatedAt: Date | null;
}

/** A document while one edit has it to itself. */
export interface Editing {
  fragment: Y.XmlFragment;
  /** Everything durable up to this sequence is in it. */
  readonly version: number;
  layout(): DocumentLayout;
  /**
   * Makes a change and hands its bytes to `save`, then takes in everything durable. Answers false, and saves nothing,
   * where the change changes nothing. Where saving fails, or `save` answers false (it was saved before), the built
   * document is thrown away: nobody else sees what is not durable, nor other bytes than the durable ones.
   */
  change(make: () => void, save: (update: Uint8Array) => Promise<boolean>): Promise<boolean>;
}

export interface BuiltDocuments {
  /** The text with everything that was durable at the time of the call. */
  text(documentId: string): Promise<BuiltText>;
  layout(documentId: string): Promise<{ version: number; layout: DocumentLayout }>;
  /** The state with everything durable, and the sequence it reaches; null where an update could not be applied. */
  state(documentId: string): Promise<{ bytes: Uint8Array; sequence: number } | null>;
  /** Resolves when nothing built of the document is kept; whoever asks next has it built anew. */
  forget(documentId: string): Promise<void>;
  /** Edits of one document run one after another. */
  edit<Result>(documentId: string, run: (now: Editing) => Promise<Result>): Promise<Result>;
}

interface Built {
  doc: Y.Doc;
  sequence: number;
  updatedAt: Date | null;
  bytes: number;
  /** Updates that Yjs could not apply: the text is made without them, a snapshot is not made at all. */
  skipped: number;
  text: BuiltText | null;
  layout: { version: number; layout: DocumentLayout } | null;
  /** It holds what is not in the log. */
  spoiled: boolean;
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
        applyNew(built.doc, update);
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
      layout: null,
      spoiled: false,
      usedAtMs: 0,
    };
    doc.transact(() => {
      if (state !== null) {
        Y.applyUpdate(doc, state);
        built.bytes += state.byteLength;
      }
      apply(documentId, built, updates);
    });
    return built;
  }

  /** Brings the document up to date and uses it; one after another for each document. */
  function use<Result>(documentId: string, run: (built: Built) => Result | Promise<Result>): Promise<Result> {
    return turns.run(documentId, async () => {
      const known = kept.get(documentId);
      // Not among the kept ones while it is in use, so that nothing tidies it away meanwhile.
      if (known !== undefined) forget(documentId, known, false);
      const built = known ?? (await build(documentId));
      try {
        if (known !== undefined) apply(documentId, built, await log.after(documentId, built.sequence));
        return await run(built);
      } finally {
        if (built.spoiled) built.doc.destroy();
        else keep(documentId, built);
      }
    });
  }

  function keep(documentId: string, built: Built): void {
    built.usedAtMs = clock.monotonicMs();
    kept.set(documentId, built);
    bytes += built.bytes;
    tidy();
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

  function layout(built: Built): DocumentLayout {
    if (built.layout?.version !== built.sequence) {
      built.layout = {
        version: built.sequence,
        layout: layoutOf(built.doc.getXmlFragment(notesFragmentName)),
      };
    }
    return built.layout.layout;
  }

  // A function, as the compiler believes that nobody has asked since the layout was dropped.
  function layoutOfChange({ layout: asked }: Built): Built["layout"] {
    return asked;
  }

  function editing(documentId: string, built: Built): Editing {
    return {
      fragment: built.doc.getXmlFragment(notesFragmentName),
      get version() {
        return built.sequence;
      },
      layout: () => layout(built),
      async change(make, save) {
        const updates: Uint8Array[] = [];
        const collect = (update: Uint8Array) => updates.push(update);
        built.doc.on("update", collect);
        built.spoiled = true;
        built.layout = null;
        try {
          built.doc.transact(make);
        } finally {
          built.doc.off("update", collect);
        }
        if (updates.length > 0) {
          if (!(await save(Y.mergeUpdates(updates)))) return true;
          const come = await log.after(documentId, built.sequence);
          apply(documentId, built, come);
          // The layout that `save` may have asked for is this version's, unless others' edits came as well.
          const asked = layoutOfChange(built);
          built.layout = come.length === 1 && asked !== null ? { ...asked, version: built.sequence } : null;
        }
        built.spoiled = false;
        return updates.length > 0;
      },
    };
  }

  return {
    text: (documentId) =>
      use(documentId, (built) => {
        if (built.text?.version !== built.sequence) {
          const content = toMarkdown(built.doc.getXmlFragment(notesFragmentName));
          const { text } = layout(built);
          built.text = { content, text, version: built.sequence, updatedAt: built.updatedAt };
        }
        return built.text;
      }),

    layout: (documentId) => use(documentId, (built) => ({ layout: layout(built), version: built.sequence })),

    state: (documentId) =>
      use(documentId, (built) => {
        if (built.skipped > 0) return null;
        const state = Y.encodeStateAsUpdate(built.doc);
        // What it holds is measured anew: a long history may have become a short text.
        built.bytes = state.byteLength;
        return { bytes: state, sequence: built.sequence };
      }),

    forget: (documentId) =>
      turns.run(documentId, async () => {
        const known = kept.get(documentId);
        if (known !== undefined) forget(documentId, known, true);
      }),

    edit: (documentId, run) => use(documentId, (built) => run(editing(documentId, built))),
  };
}
