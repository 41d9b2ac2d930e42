// One step of the change of keys: a page of documents is read, what is under another key is encrypted anew, the place kept.
import { createHash } from "node:crypto";
import { inventory, type StoredCollection } from "../../platform/privacy/inventory.ts";
import { sealedFields, type FieldCipher } from "../../platform/privacy/field-cipher.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/logger.ts";
import { changeTo, keysIn, sealedValues, type Change, type SealedValue, type Stored } from "./rotation.ts";
import type {
  Count,
  Progress,
  RotationRepository,
  StoredId,
  WalkedDocument,
} from "./rotation.repository.mongo.ts";

const pageSize = 100;

/** What has to be walked over, in this order. */
export const walkedCollections: readonly StoredCollection[] = inventory.filter(
  ({ name }) => sealedFields(name).length > 0,
);

/** Another one than a finished walk's says that fields are to be encrypted which it has passed by. */
export const sealingVersion = createHash("sha256")
  .update(
    JSON.stringify(
      walkedCollections.map(({ name }) => [name, ...sealedFields(name).sort()].join(" ")).sort(),
    ),
  )
  .digest("base64url")
  .slice(0, 16);

export interface WalkParts {
  repository: RotationRepository;
  cipher: FieldCipher;
  clock: Clock;
  logger: Logger;
}

/** A walk from the first document on, behind the one before it. */
export function begunWalk(
  walk: Pick<Progress, "target" | "total" | "startedBy">,
  before: Progress | null,
  now: Date,
): Progress {
  return {
    ...walk,
    sealing: sealingVersion,
    state: "running",
    slice: (before?.slice ?? 0) + 1,
    step: (before?.step ?? 0) + 1,
    pass: 1,
    collection: null,
    after: null,
    seen: 0,
    changed: 0,
    changedInPass: 0,
    unreadable: 0,
    counts: [],
    lastCounts: before?.lastCounts ?? null,
    startedAt: now,
    updatedAt: now,
    finishedAt: null,
  };
}

/** The progress after it, which is kept; null where somebody else has worked on it meanwhile. */
export async function takeStep(progress: Progress, parts: WalkParts): Promise<Progress | null> {
  const { repository, clock } = parts;
  const collection =
    walkedCollections.find(({ name }) => name === progress.collection) ?? walkedCollections[0];
  if (collection === undefined) throw new Error("the inventory names nothing to be encrypted");
  const fields = sealedFields(collection.name);
  const page = await repository.page(collection.name, {
    after: progress.collection === null ? null : progress.after,
    limit: pageSize,
    fields: [...fields, ...(collection.identifiedBy ?? [])],
  });
  const last = page.at(-1);
  const done = last === undefined ? null : await changePage(progress.target, collection, page, parts);
  const moved =
    last === undefined || done === null
      ? afterCollection(progress, collection, clock.now())
      : {
          ...progress,
          collection: collection.name,
          // Something was written in between: the page is read again.
          ...(done.missed ? {} : seenPage(progress, page.length, done, last._id)),
          changed: progress.changed + done.changed,
          changedInPass: progress.changedInPass + done.changed,
        };
  const next = { ...moved, step: progress.step + 1, updatedAt: clock.now() };
  return (await repository.write(next, progress)) ? next : null;
}

interface PageOutcome {
  changed: number;
  unreadable: number;
  counts: Count[];
  missed: boolean;
}

async function changePage(
  target: string,
  collection: StoredCollection,
  page: WalkedDocument[],
  { repository, cipher, logger }: WalkParts,
): Promise<PageOutcome> {
  const own = cipher.of(collection.name);
  const fields = sealedFields(collection.name);
  const changes: { _id: StoredId; change: Change }[] = [];
  const counts: Count[] = [];
  let unreadable = 0;
  for (const { _id, document } of page) {
    const values: SealedValue[] = sealedValues(document, fields);
    for (const keyId of keysIn(values)) add(counts, keyId, 1);
    try {
      const change = changeTo(target, values, { id: boundTo(collection, _id, document), cipher: own });
      if (change !== null) changes.push({ _id, change });
    } catch (error) {
      unreadable += 1;
      logger.error(
        { collection: collection.name, id: String(_id), error: error as Error },
        "a document could not be decrypted and keeps its key",
      );
    }
  }
  const changed = await repository.apply(collection.name, changes);
  return { changed, unreadable, counts, missed: changed < changes.length };
}

/** What the ciphertexts of a document are bound to. */
function boundTo({ identifiedBy }: StoredCollection, _id: StoredId, document: Stored): string {
  return identifiedBy === undefined
    ? String(_id)
    : identifiedBy.map((field) => String(document[field])).join("/");
}

function seenPage(
  progress: Progress,
  documents: number,
  { counts, unreadable }: PageOutcome,
  after: StoredId,
) {
  const all = progress.counts.map((count) => ({ ...count }));
  for (const count of counts) add(all, count.keyId, count.documents);
  return {
    after,
    seen: progress.seen + documents,
    counts: all,
    unreadable: progress.unreadable + unreadable,
  };
}

/** The next collection, the next round, or the end: a round that has found nothing to do is the last one. */
function afterCollection(progress: Progress, { name }: StoredCollection, now: Date): Progress {
  const following = walkedCollections[walkedCollections.findIndex((each) => each.name === name) + 1];
  if (following !== undefined) return { ...progress, collection: following.name, after: null };
  const { counts, unreadable } = progress;
  const ended = { ...progress, collection: null, after: null, lastCounts: { at: now, counts, unreadable } };
  if (progress.changedInPass === 0) return { ...ended, state: "finished", finishedAt: now };
  const { seen: total } = progress;
  return { ...ended, pass: progress.pass + 1, seen: 0, total, changedInPass: 0, unreadable: 0, counts: [] };
}

function add(counts: Count[], keyId: string | null, documents: number): void {
  const known = counts.find((count) => count.keyId === keyId);
  if (known === undefined) counts.push({ keyId, documents });
  else known.documents += documents;
}
