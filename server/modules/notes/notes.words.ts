// What one person has written in a meeting's notes, for their own hands.
import * as Y from "yjs";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { notesFragmentName } from "../../../shared/protocol/notes-sync.ts";
import type { Journal } from "../../platform/journal/index.ts";
import { textsOf, unitsOf } from "./notes.authorship.ts";
import type { BuiltDocuments } from "./notes.built.ts";
import { ownDocument, sharedDocument } from "./notes.documents.ts";
import type { NotesErasureRepository } from "./notes.erasure.repository.mongo.ts";

export async function wordsOf(
  parts: { built: BuiltDocuments; journal: Journal; erasureRepository: NotesErasureRepository },
  meetingId: MeetingId,
  userId: UserId,
): Promise<{ own: string; shared: string[] }> {
  const { content: own } = await parts.built.text(ownDocument(meetingId, userId));
  const documentId = sharedDocument(meetingId);
  await parts.journal.materialise(documentId);
  const doc = new Y.Doc();
  const units = await unitsOf(documentId, userId, parts.erasureRepository, (update) =>
    Y.applyUpdate(doc, update),
  );
  const shared = units === null ? [] : textsOf(doc.getXmlFragment(notesFragmentName), units);
  doc.destroy();
  return { own, shared };
}
