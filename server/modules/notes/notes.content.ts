// Keeps the text of shared notes ready in their collection, some time after they changed and never for much of the time.
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import type { BuiltDocuments } from "./notes.built.ts";
import type { NotesRepository } from "./notes.repository.ts";

/** Text above this size is made for each reader instead of being kept in a document that must stay below 16 MB. */
const contentMaxChars = 2 * 1024 * 1024;
/** Readers get the current text in any case; this is how long it may have to be made for each of them. */
const renewAfterMs = 30_000;
/** Making texts may take one part in this of the time. */
const costShare = 50;

export interface ContentRenewal {
  changed(documentId: string): void;
}

export function createContentRenewal({
  repository,
  built,
  clock,
  logger,
}: {
  repository: NotesRepository;
  built: BuiltDocuments;
  clock: Clock;
  logger: Logger;
}): ContentRenewal {
  /** When each is due, in order. */
  const due = new Map<string, number>();
  let isScheduled = false;

  async function renew(documentId: string): Promise<void> {
    const { content, text, version, updatedAt } = await built.text(documentId);
    if (updatedAt === null) return;
    const kept = content.length <= contentMaxChars ? { content, text } : { content: null, text: null };
    await repository.writeContent(documentId, { ...kept, version, updatedAt });
  }

  async function renewNext(): Promise<void> {
    const documentId = due.keys().next().value;
    if (documentId === undefined) return;
    due.delete(documentId);
    try {
      await renew(documentId);
    } catch (error) {
      // Nothing is lost: whoever reads gets it made, and the next change brings it here again.
      logger.error({ documentId, error: error as Error }, "text of notes could not be kept");
    }
  }

  function schedule(restMs: number): void {
    const first = due.values().next().value;
    if (isScheduled || first === undefined) return;
    isScheduled = true;
    clock.schedule(Math.max(restMs, first - clock.monotonicMs()), () => {
      const startedMs = clock.monotonicMs();
      void renewNext().then(() => {
        isScheduled = false;
        schedule((clock.monotonicMs() - startedMs) * costShare);
      });
    });
  }

  return {
    changed(documentId) {
      if (due.has(documentId)) return;
      due.set(documentId, clock.monotonicMs() + renewAfterMs);
      schedule(0);
    },
  };
}
