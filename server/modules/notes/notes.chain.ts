// The changes of a document's text as they followed each other: operations on older versions are carried over them one by one.
import type { NoteChange } from "../../../shared/schemas/notes.ts";

interface Link {
  from: number;
  to: number;
  changes: NoteChange[];
}

export interface ChangeChains {
  /** The version that the chain has reached; null where there is none. */
  end(documentId: string): number | null;
  /** Everything that followed `version`, in order; null where the chain has no link that begins there. */
  since(documentId: string, version: number): NoteChange[][] | null;
  /** Continues the chain where it ends at `from`, else begins a new one. */
  add(documentId: string, link: Link): void;
}

const keptDocuments = 1_000;
const keptLinks = 500;

/**
 * A chain is a memory of this process and bounded: where it does not reach back, the two versions themselves are
 * compared, which only says less about the order of what was deleted and inserted at one place.
 */
export function createChangeChains(): ChangeChains {
  const chains = new Map<string, Link[]>();
  return {
    end: (documentId) => chains.get(documentId)?.at(-1)?.to ?? null,

    since(documentId, version) {
      const chain = chains.get(documentId) ?? [];
      const index = chain.findIndex(({ from }) => from === version);
      return index < 0 ? null : chain.slice(index).map(({ changes }) => changes);
    },

    add(documentId, link) {
      const known = chains.get(documentId);
      const chain = known !== undefined && known.at(-1)?.to === link.from ? known : [];
      chain.push(link);
      if (chain.length > keptLinks) chain.shift();
      chains.delete(documentId);
      chains.set(documentId, chain);
      const oldest = chains.keys().next().value;
      if (chains.size > keptDocuments && oldest !== undefined) chains.delete(oldest);
    },
  };
}
