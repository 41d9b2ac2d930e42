// Past versions of a document: built from the nearest kept state, and the text layouts that operations may refer to.
import * as Y from "yjs";
import { notesFragmentName } from "../../../shared/protocol/notes-sync.ts";
import { layoutOf, withoutLines, type TextLayout } from "./notes.layout.ts";
import type { NotesLog } from "./notes.log.ts";
import { applyNew } from "./notes.updates.ts";

export interface PastVersions {
  /** Uses the document as of a version, which must have been reached. */
  use<Result>(documentId: string, version: number, run: (fragment: Y.XmlFragment) => Result): Promise<Result>;
  layout(documentId: string, version: number): Promise<TextLayout>;
  /** Null where it would have to be built. */
  known(documentId: string, version: number): TextLayout | null;
  /** Keeps a layout that somebody has just read: operations mostly refer to those. */
  remember(documentId: string, version: number, layout: TextLayout): void;
  /** Of all its versions. */
  forget(documentId: string): void;
}

const keptLayouts = 2_000;
const keptBytes = 48 * 1024 * 1024;
/** A run is six fields in an object. */
const bytesPerRun = 72;

export function createPastVersions({ log }: { log: NotesLog }): PastVersions {
  const layouts = new Map<string, { layout: TextLayout; bytes: number }>();
  let bytes = 0;

  function remember(key: string, layout: TextLayout): void {
    const size = layout.text.length * 2 + layout.runs.length * bytesPerRun;
    bytes += size - (layouts.get(key)?.bytes ?? 0);
    layouts.delete(key);
    layouts.set(key, { layout, bytes: size });
    for (const [oldest, { bytes: freed }] of layouts) {
      if ((layouts.size <= keptLayouts && bytes <= keptBytes) || oldest === key) break;
      layouts.delete(oldest);
      bytes -= freed;
    }
  }

  async function use<Result>(
    documentId: string,
    version: number,
    run: (fragment: Y.XmlFragment) => Result,
  ): Promise<Result> {
    const doc = new Y.Doc();
    try {
      const { state, updates } = await log.until(documentId, version);
      doc.transact(() => {
        if (state !== null) Y.applyUpdate(doc, state);
        for (const { update } of updates) applyOrSkip(doc, update);
      });
      return run(doc.getXmlFragment(notesFragmentName));
    } finally {
      doc.destroy();
    }
  }

  return {
    use,
    async layout(documentId, version) {
      const key = `${documentId}@${version}`;
      const known = layouts.get(key)?.layout;
      const layout =
        known ?? (await use(documentId, version, (fragment) => withoutLines(layoutOf(fragment))));
      remember(key, layout);
      return layout;
    },
    known: (documentId, version) => layouts.get(`${documentId}@${version}`)?.layout ?? null,
    remember: (documentId, version, layout) => remember(`${documentId}@${version}`, layout),
    forget(documentId) {
      for (const [key, { bytes: freed }] of layouts) {
        if (!key.startsWith(`${documentId}@`)) continue;
        layouts.delete(key);
        bytes -= freed;
      }
    },
  };
}

// What Yjs cannot take in is missing from the present text, too, and was logged there.
function applyOrSkip(doc: Y.Doc, update: Uint8Array): void {
  try {
    applyNew(doc, update);
  } catch {
    return;
  }
}
