// The headings that a new shared document starts with, as an update that is the same bytes every time.
import * as Y from "yjs";
import { notesFragmentName } from "../../../shared/protocol/notes-sync.ts";
import type { NotesTemplate } from "../../../shared/schemas/meetings.ts";

/** Fixed: applied twice, on whatever node, the update adds nothing. Real clients draw theirs from 32 random bits. */
const templateClientId = 1;

const growHeadings = ["Goal", "Reality", "Options", "Way forward"];

/** Null for a template without content. */
export function templateUpdate(template: NotesTemplate): Uint8Array | null {
  switch (template) {
    case "grow":
      return headingsUpdate(growHeadings);
    case "blank":
      return null;
  }
}

export function templateKey(template: NotesTemplate): string {
  return `template/${template}`;
}

function headingsUpdate(headings: string[]): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = templateClientId;
  const blocks = headings.flatMap((text) => {
    const heading = new Y.XmlElement("heading");
    // A number, as the editor stores it; the type of Yjs knows strings alone.
    (heading as unknown as Y.XmlElement<{ level: number }>).setAttribute("level", 2);
    heading.insert(0, [new Y.XmlText(text)]);
    return [heading, new Y.XmlElement("paragraph")];
  });
  doc.getXmlFragment(notesFragmentName).insert(0, blocks);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}
