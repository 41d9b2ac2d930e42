// A process that files notes: the real cluster, journal and notes materialiser, on collections whose steps can go wrong.
import { createBuiltDocuments } from "../../../server/modules/notes/notes.built.ts";
import { createNotesLog, type NotesLog } from "../../../server/modules/notes/notes.log.ts";
import { createNotesMaterialiser } from "../../../server/modules/notes/notes.materialiser.ts";
import { createRevisions } from "../../../server/modules/notes/notes.revisions.ts";
import { createDocumentSizes } from "../../../server/modules/notes/notes.sizes.ts";
import type { TestNode, TestWorld } from "../../../server/platform/cluster/testing.ts";
import type { Clock } from "../../../server/platform/clock.ts";
import { silentLogger } from "../../../server/platform/logger.ts";
import type { Random } from "../../factories/random.ts";
import { notesCollections, revisionsCollection, type NotesDisk, type Step } from "./collections.ts";

export interface Troubles {
  /** Chances of a step to fail, and to be held up. */
  fails: number;
  waits: number;
}

export class NotesProcess {
  readonly node: TestNode;
  readonly log: NotesLog;
  #dead = false;
  #held: (() => void)[] = [];

  constructor(options: {
    world: TestWorld;
    disk: NotesDisk;
    random: Random;
    troubles: Troubles;
    onStep(name: string, what: "failed" | "held"): void;
  }) {
    const { world, disk, random, troubles, onStep } = options;
    const step: Step = async (name, effect) => {
      await Promise.resolve();
      if (random.chance(troubles.waits)) {
        onStep(name, "held");
        await new Promise<void>((resolve) => this.#held.push(resolve));
      }
      if (this.#dead) return new Promise<never>(() => undefined);
      const fails = random.chance(troubles.fails);
      if (fails) onStep(name, "failed");
      if (fails && random.chance(0.5)) throw new Error("the store is away");
      const result = effect();
      await Promise.resolve();
      if (this.#dead) return new Promise<never>(() => undefined);
      if (fails) throw new Error("the answer got lost");
      return result;
    };
    let log: NotesLog | null = null;
    this.node = world.prepare({
      materialiser: ({ journal }) => {
        const logger = silentLogger;
        const repository = notesCollections(disk, step);
        const clock = clockOf(() => this.node);
        log = createNotesLog({ journal, repository, logger });
        return createNotesMaterialiser({
          repository,
          revisions: createRevisions({ revisions: revisionsCollection(disk, step), repository }),
          built: createBuiltDocuments({ log, clock, logger }),
          sizes: createDocumentSizes({ journal, repository }),
          clock,
          logger,
          snapshotAfterUpdates: 4,
          keptAfterUpdates: 12,
        });
      },
    });
    if (log === null) throw new Error("the materialiser was not made");
    this.log = log;
  }

  kill(): void {
    this.#dead = true;
    this.node.kill();
  }

  /** Steps that were held up go on now, however late. */
  release(): void {
    for (const resume of this.#held.splice(0)) resume();
  }
}

/** The clock of a process that is still being put together. */
function clockOf(node: () => TestNode): Clock {
  return {
    now: () => node().clock.now(),
    monotonicMs: () => node().clock.monotonicMs(),
    schedule: (delayMs, run) => node().clock.schedule(delayMs, run),
  };
}
