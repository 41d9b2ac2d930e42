// Who wrote what in notes, learned from their log: for taking it out, and for handing it to whoever wrote it.
import * as Y from "yjs";
import type { UserId } from "../../../shared/ids.ts";
import type { ErasableEdit, NotesErasureRepository } from "./notes.erasure.repository.mongo.ts";
import { RedactedUnits } from "./notes.redaction.ts";
import { builtIn, ownIdOf, templateOf } from "./notes.template.ts";

type Log = Pick<NotesErasureRepository, "pages" | "ownerOfTemplate">;

/** The units that the person wrote; null where nothing was. `each` is shown every edit, in the order of the log. */
export async function unitsOf(
  documentId: string,
  userId: UserId,
  repository: Log,
  each: (update: Uint8Array) => void = () => {},
): Promise<RedactedUnits | null> {
  const units = new RedactedUnits();
  let wrote = false;
  for await (const { edits } of repository.pages(documentId)) {
    for (const edit of edits) {
      const theirs = await isTheirs(edit, userId, repository);
      wrote ||= theirs || edit.authorId === userId;
      units.learn(edit.update, theirs);
      each(edit.update);
    }
  }
  return wrote ? units : null;
}

/** What is not edited but begun with: the house's own headings are nobody's words, a template of their own is theirs. */
async function isTheirs({ authorId, key }: ErasableEdit, userId: UserId, repository: Log): Promise<boolean> {
  const template = templateOf(key);
  if (template === null) return authorId === userId;
  if (builtIn(template) !== null) return false;
  const owner = await repository.ownerOfTemplate(ownIdOf(template));
  return owner === null ? authorId === userId : owner === userId;
}

/** The words among these units that the notes still show, in the order of the page; what touches is one text. */
export function textsOf(fragment: Y.XmlFragment, units: RedactedUnits): string[] {
  const texts: string[] = [];
  const visit = (parent: Y.XmlFragment) => {
    for (const child of parent.toArray()) {
      if (child instanceof Y.XmlText) texts.push(...textsIn(child, units));
      else if (child instanceof Y.XmlElement) visit(child);
    }
  };
  visit(fragment);
  return texts.filter((text) => text.trim() !== "");
}

function textsIn(node: Y.XmlText, units: RedactedUnits): string[] {
  const texts: string[] = [];
  let touches = false;
  for (let item = node._start; item !== null; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
    let at = 0;
    for (const { length, redacted: theirs } of units.stretches(item.id.client, item.id.clock, item.length)) {
      const text = item.content.str.slice(at, at + length);
      at += length;
      if (theirs && touches) texts.push((texts.pop() ?? "") + text);
      else if (theirs) texts.push(text);
      touches = theirs;
    }
  }
  return texts;
}
