// Erases what one person wrote from notes, for good: from edits, states, text and history, and from whoever has them open.
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Journal } from "../../platform/journal/index.ts";
import { unitsOf } from "./notes.authorship.ts";
import { ownDocument, sharedDocument } from "./notes.documents.ts";
import type { ErasableEdit, NotesErasureRepository } from "./notes.erasure.repository.mongo.ts";
import { deletionOf, redacted, type Deletions, type RedactedUnits } from "./notes.redaction.ts";

export interface NotesErasure {
  /** May be repeated. Answers whether the person had written in the shared notes. */
  erase(meetingId: MeetingId, userId: UserId): Promise<boolean>;
  eraseTemplates(userId: UserId): Promise<void>;
  /** Every layer with its history, for good. May be repeated. Answers how many documents are gone. */
  removeOfMeeting(meetingId: MeetingId): Promise<number>;
}

/** A state that was being made of the words before is found by the next pass. */
const maxPasses = 8;

export function createNotesErasure({
  journal,
  repository,
  bus,
  forget,
}: {
  journal: Journal;
  repository: NotesErasureRepository;
  bus: EventBus;
  /** Resolves when this process keeps nothing built of the document any more. */
  forget(documentId: string): Promise<void>;
}): NotesErasure {
  async function eraseStates(documentId: string, units: RedactedUnits): Promise<boolean> {
    let changed = false;
    for await (const { id, bytes } of repository.states(documentId)) {
      const { update } = redacted(bytes, units);
      if (update === null) continue;
      changed = true;
      await repository.replaceState(documentId, { id, bytes: update });
    }
    return changed;
  }

  async function eraseEdits(
    documentId: string,
    units: RedactedUnits,
    userId: UserId,
  ): Promise<{ changed: boolean; deleted: Deletions[] }> {
    let changed = false;
    const deleted: Deletions[] = [];
    for await (const page of repository.pages(documentId)) {
      const edits = page.edits.map((edit): ErasableEdit => {
        const found = redacted(edit.update, units);
        deleted.push(found.deleted);
        const key = edit.authorId === userId ? withoutClientKey(edit) : edit.key;
        return found.update === null && key === edit.key
          ? edit
          : { ...edit, key, update: found.update ?? edit.update };
      });
      if (edits.every((edit, index) => edit === page.edits[index])) continue;
      changed = true;
      await repository.rewritePage(page, edits);
    }
    return { changed, deleted };
  }

  async function eraseShared(documentId: string, meetingId: MeetingId, userId: UserId): Promise<boolean> {
    for (let pass = 0; pass < maxPasses; pass += 1) {
      await journal.materialise(documentId);
      await forget(documentId);
      const units = await unitsOf(documentId, userId, repository);
      if (units === null) return false;
      const states = await eraseStates(documentId, units);
      const { changed, deleted } = await eraseEdits(documentId, units, userId);
      await repository.forgetText(documentId);
      if (pass > 0 && !states && !changed) return true;
      // Whoever has the notes open sees the words go; a document that is loaded later never had them.
      const deletion = deletionOf(deleted);
      if (deletion !== null)
        await journal.append(documentId, [
          { key: `erasure/${userId}/${pass}`, authorId: null, payload: deletion },
        ]);
      bus.publish("notes.erased", { documentId, meetingId });
    }
    throw new Error("these notes were written anew each time that they were erased");
  }

  return {
    async erase(meetingId, userId) {
      const own = ownDocument(meetingId, userId);
      await journal.materialise(own);
      await repository.removeDocument(own);
      await forget(own);
      bus.publish("notes.erased", { documentId: own, meetingId });
      return eraseShared(sharedDocument(meetingId), meetingId, userId);
    },
    async removeOfMeeting(meetingId) {
      const documents = await repository.documentsOf(meetingId);
      for (const documentId of documents) {
        await journal.materialise(documentId);
        await repository.removeDocument(documentId);
        await forget(documentId);
        bus.publish("notes.erased", { documentId, meetingId });
      }
      return documents.length;
    },
    eraseTemplates: (userId) => repository.removeTemplatesOf(userId),
  };
}

/** What the client chose stands last in a key; what comes before tells what kind of edit it was. */
function withoutClientKey({ key, sequence }: ErasableEdit): string | null {
  if (key === null) return null;
  const parts = key.split("/");
  return parts.length < 2 ? key : [...parts.slice(0, -1), `erased-${sequence}`].join("/");
}
