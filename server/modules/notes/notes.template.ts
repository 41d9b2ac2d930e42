// What a new document starts with, as an update that is the same bytes every time.
import * as Y from "yjs";
import type { NotesTemplateId } from "../../../shared/ids.ts";
import { notesFragmentName } from "../../../shared/protocol/notes-sync.ts";
import { builtInTemplates, type BuiltInTemplate } from "../../../shared/notes-templates.ts";
import type { NotesTemplate } from "../../../shared/schemas/meetings.ts";
import { childrenOf, copyOf, elementOf } from "./notes.copy.ts";

/** Fixed: applied twice, on whatever node, the update adds nothing. Real clients draw theirs from 32 random bits. */
const templateClientId = 1;

/** Null for the name of a person's own template. */
export function builtIn(template: NotesTemplate): BuiltInTemplate | null {
  return template.startsWith("own:") ? null : (template as BuiltInTemplate);
}

/** Of a name that `builtIn` does not know. */
export function ownIdOf(template: NotesTemplate): NotesTemplateId {
  return template.slice("own:".length) as NotesTemplateId;
}

/** Null for a template without content. */
export function templateUpdate(template: BuiltInTemplate): Uint8Array | null {
  const headings = builtInTemplates[template];
  if (headings.length === 0) return null;
  return updateWith(
    headings.flatMap((text) => {
      const heading = elementOf("heading", { level: 2 });
      heading.insert(0, [new Y.XmlText(text)]);
      return [heading, new Y.XmlElement("paragraph")];
    }),
  );
}

/** The content of a document as a template: without its history, and without its writers. */
export function updateFrom(fragment: Y.XmlFragment): Uint8Array {
  return updateWith(childrenOf(fragment).map((node) => copyOf(node)));
}

export function fragmentFrom(update: Uint8Array): Y.XmlFragment {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc.getXmlFragment(notesFragmentName);
}

export function templateKey(template: NotesTemplate): string {
  return `template/${template}`;
}

/** Null for the key of what is no template. */
export function templateOf(key: string | null): NotesTemplate | null {
  const [, template] = /^template\/([^/]+)/.exec(key ?? "") ?? [];
  return (template as NotesTemplate | undefined) ?? null;
}

function updateWith(nodes: (Y.XmlElement | Y.XmlText)[]): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = templateClientId;
  doc.getXmlFragment(notesFragmentName).insert(0, nodes);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}
