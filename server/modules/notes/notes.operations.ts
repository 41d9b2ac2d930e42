// Operations of clients without Yjs: carried over to the present text, applied to the rich text, durable under their author's name.
import type { Actor } from "../../../shared/actor.ts";
import { AppError } from "../../../shared/errors.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type {
  AppliedNoteOperations,
  ApplyNoteOperations,
  NoteChange,
} from "../../../shared/schemas/notes.ts";
import { applyChanges } from "./notes.apply.ts";
import type { BuiltDocuments, Editing } from "./notes.built.ts";
import { withoutLines } from "./notes.layout.ts";
import { createChangeChains } from "./notes.chain.ts";
import type { NotesLog } from "./notes.log.ts";
import type { NotesMeters } from "./notes.meters.ts";
import type { PastVersions } from "./notes.past.ts";
import { applied, changesBetween, composed, transformed } from "./notes.transform.ts";
import type { NotesWriting } from "./notes.writing.ts";

export type ApplyOperations = (
  actor: Actor,
  meetingId: MeetingId,
  input: ApplyNoteOperations,
) => Promise<AppliedNoteOperations>;

export function createOperations(parts: {
  writing: NotesWriting;
  built: BuiltDocuments;
  past: PastVersions;
  log: NotesLog;
  meters: NotesMeters;
}): ApplyOperations {
  const { writing, built, past, log, meters } = parts;
  const chains = createChangeChains();

  /** Null where the base lies too far back for it. */
  async function changesSince(documentId: string, base: number, now: Editing): Promise<NoteChange[] | null> {
    if (now.version - base > limits.notesOperationMaxVersionsBehind) return null;
    return changesBetween(await layoutAt(documentId, base, now), now.layout());
  }

  async function layoutAt(documentId: string, version: number, now: Editing) {
    return version === now.version ? now.layout() : await past.layout(documentId, version);
  }

  async function answer(
    documentId: string,
    base: number,
    now: Editing,
    outcome: Pick<AppliedNoteOperations, "sequence" | "repeated" | "transformed">,
  ): Promise<AppliedNoteOperations> {
    const changes = await changesSince(documentId, base, now);
    past.remember(documentId, now.version, withoutLines(now.layout()));
    return { ...outcome, version: now.version, changes };
  }

  /** What has followed the base version, as changes one after another. */
  async function followed(documentId: string, base: number, now: Editing): Promise<NoteChange[][]> {
    if (base === now.version) return [];
    const end = chains.end(documentId);
    const layout = end === null ? null : past.known(documentId, end);
    if (end !== null && layout !== null && end < now.version) {
      chains.add(documentId, { from: end, to: now.version, changes: changesBetween(layout, now.layout()) });
    }
    const links = chains.end(documentId) === now.version ? chains.since(documentId, base) : null;
    return links ?? [changesBetween(await layoutAt(documentId, base, now), now.layout())];
  }

  return async (actor, meetingId, { clientKey, layer, baseVersion, operations }) => {
    const documentId = await writing.allowed(actor, meetingId, { layer, to: "write" });
    const key = `operations/${actor.userId}/${clientKey}`;

    const repeat = async (now: Editing, sequence: number) => {
      meters.operations("repeated", operations.length);
      return answer(documentId, baseVersion, now, { sequence, repeated: true, transformed: null });
    };

    const outcome = await built.edit(documentId, async (now) => {
      const known = await log.byKey(documentId, key);
      if (known !== null) return repeat(now, known.sequence);
      const from = now.version;
      if (baseVersion > from) throw unknownVersion(from);
      if (from - baseVersion > limits.notesOperationMaxVersionsBehind) throw tooOld(from);
      const base = await layoutAt(documentId, baseVersion, now);
      let ours = composed(base.text, operations);
      for (const theirs of await followed(documentId, baseVersion, now)) ours = transformed(theirs, ours);
      const before = withoutLines(now.layout());
      const expected = applied(before.text, ours);
      if (expected.length > limits.notesTextMaxChars) throw tooLarge();
      let sequence = from;
      let repeated = false;
      const make = () => applyChanges(now.fragment, ours);
      await now.change(make, async (update) => {
        // The next version's readers count on it, so it is checked before anybody can read it.
        if (now.layout().text !== expected)
          throw new Error("an operation did not give the text that it says");
        const appended = await writing.store({ documentId, authorId: actor.userId, key, update });
        if (appended === null) return false;
        ({ repeated } = appended);
        ({ sequence } = appended.entry);
        return !repeated;
      });
      if (repeated) return sequence;
      if (now.version > from) {
        const changes = now.version === from + 1 ? ours : changesBetween(before, now.layout());
        chains.add(documentId, { from, to: now.version, changes });
      }
      meters.operations("applied", operations.length);
      return answer(documentId, baseVersion, now, { sequence, repeated, transformed: ours });
    });
    // Another process had applied it: what was built here is gone, and built again.
    return typeof outcome === "number" ? built.edit(documentId, (now) => repeat(now, outcome)) : outcome;
  };
}

export function unknownVersion(currentVersion: number): AppError {
  return new AppError("NOTES_VERSION_UNKNOWN", "The notes have not reached this version. Read them again.", {
    details: { currentVersion },
  });
}

function tooOld(currentVersion: number): AppError {
  return new AppError(
    "NOTES_VERSION_TOO_OLD",
    "Too much has changed since this version. Read the notes again.",
    {
      details: { currentVersion, maxVersionsBehind: limits.notesOperationMaxVersionsBehind },
    },
  );
}

function tooLarge(): AppError {
  return new AppError("PAYLOAD_TOO_LARGE", "These notes have become too large to take more.", {
    details: { maxChars: limits.notesTextMaxChars },
  });
}
