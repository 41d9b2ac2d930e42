// Postings as use cases: whose first, then the text once, then what is counted and written down.
import { AppError, notFound } from "../../../../shared/errors.ts";
import type { PostingId } from "../../../../shared/ids.ts";
import { careerBounds as bounds } from "../../../../shared/schemas/career/bounds.ts";
import type {
  AddedPosting,
  ChangePosting,
  PostingSummary,
  PostingView,
} from "../../../../shared/schemas/career/postings.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { IdSource } from "../../../platform/ids.ts";
import type { Metrics } from "../../../platform/metrics.ts";
import type { AcceptedFile } from "../../../platform/uploads/index.ts";
import type { AuditService } from "../../audit/index.ts";
import type { Actor } from "../../../../shared/actor.ts";
import { ownerOf, type CareerOwner } from "../career.policy.ts";
import { restorableUntil } from "../kept-deleted.ts";
import type { FoundPosting } from "./found-posting.ts";
import type { PostingDependents, PostingsService } from "./index.ts";
import { decoded, fromHtml, fromText, type Intake } from "./intake.ts";
import { listedPostings } from "./postings.list.ts";
import type {
  ListedPosting,
  PostingChange,
  PostingsRepository,
  StoredPosting,
} from "./postings.repository.ts";
import { createRubrics, hashOf, type KeyedHashes, type RubricWriter } from "./posting-rubrics.ts";

export interface PostingsOptions {
  repository: PostingsRepository;
  intake: Intake;
  hashes: KeyedHashes;
  /** The text of a PDF or a Word document, by its lines. Throws FILE_DAMAGED. */
  readDocument(file: AcceptedFile): Promise<string>;
  /** Null where no model is configured. */
  writer: RubricWriter | null;
  /** Whether the organisation's switch lets a model read. */
  mayUseModel(owner: CareerOwner): Promise<boolean>;
  dependents: readonly PostingDependents[];
  clock: Clock;
  ids: IdSource;
  audit: Pick<AuditService, "record">;
  metrics: Metrics;
}

const removedAtOnce = 100;

export function createPostingsModule(options: PostingsOptions): PostingsService {
  const { repository, intake, dependents, clock, ids, audit, metrics, hashes } = options;
  const rubrics = createRubrics(options);
  const added = metrics.counter(
    "career_postings_added_total",
    "Postings by where they came from and what came of it",
    ["source", "outcome"],
  );

  async function own(owner: CareerOwner, id: PostingId): Promise<StoredPosting> {
    const posting = await repository.find(owner, id);
    if (posting === null || posting.isDeleted) throw missing();
    return posting;
  }

  async function counted<Result>(source: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      added.inc({ source, outcome: error instanceof AppError ? error.code : "INTERNAL" });
      throw error;
    }
  }

  async function store(actor: Actor, source: string, found: FoundPosting): Promise<AddedPosting> {
    const owner = ownerOf(actor);
    const descriptionHash = hashes.hashOfContent(hashOf(found.extractedText));
    const there = await repository.byHash(owner, descriptionHash);
    if (there !== null) return await again(actor, source, there);
    if ((await repository.count(owner)) >= bounds.postingsPerPersonMaxItems)
      throw new AppError(
        "CONFLICT",
        `You have ${bounds.postingsPerPersonMaxItems} postings, which is the most. Delete some first.`,
      );
    const now = clock.now();
    const posting: StoredPosting = {
      ...found,
      ...owner,
      id: ids.objectId() as PostingId,
      descriptionHash,
      userTags: [],
      notes: "",
      isFavorite: false,
      status: "new",
      rating: null,
      isDeleted: false,
      deletedAt: null,
      createdAt: now,
      updatedAt: now,
    };
    if (!(await repository.insert(posting))) {
      // Added by another request in this moment.
      const other = await repository.byHash(owner, descriptionHash);
      if (other === null) throw missing();
      return await again(actor, source, other);
    }
    added.inc({ source, outcome: "added" });
    await record(actor, "career-posting.add", posting.id, { platform: posting.platform });
    return { posting: viewOf(posting), existing: false };
  }

  async function again(actor: Actor, source: string, posting: StoredPosting): Promise<AddedPosting> {
    added.inc({ source, outcome: posting.isDeleted ? "restored" : "existing" });
    if (!posting.isDeleted) return { posting: viewOf(posting), existing: true };
    return { posting: await restore(actor, posting), existing: true };
  }

  async function restore(actor: Actor, { id, deletedAt, isDeleted }: StoredPosting): Promise<PostingView> {
    const owner = ownerOf(actor);
    // Before it is there itself, so that what is repeated after a crash still knows the moment.
    if (deletedAt !== null) for (const each of dependents) await each.restoredWith(owner, id, deletedAt);
    const set = { isDeleted: false, deletedAt: null };
    const posting = await repository.change(owner, id, set, clock.now());
    if (posting === null) throw missing();
    if (isDeleted) await record(actor, "career-posting.restore", id, {});
    return viewOf(posting);
  }

  async function record(actor: Actor, action: string, id: PostingId, metadata: Record<string, string>) {
    await audit.record({
      actorUserId: actor.userId,
      resourceType: "career-posting",
      resourceId: id,
      action,
      outcome: "done",
      metadata,
    });
  }

  return {
    add: (actor, input) => {
      ownerOf(actor);
      return "url" in input
        ? counted("url", async () => store(actor, "url", await intake.fromUrl(input.url)))
        : counted("text", () => store(actor, "text", fromText(input)));
    },

    addFile: (actor, file) => {
      ownerOf(actor);
      return counted("file", async () => {
        const text =
          file.type === "text/plain" || file.type === "text/html"
            ? decoded(file.bytes, null)
            : await options.readDocument(file);
        const found =
          file.type === "text/html" ? fromHtml(text, "", "file") : fromText({ text, platform: "file" });
        return await store(actor, "file", { ...found, platform: "file" });
      });
    },

    async list(actor, query) {
      const all = await repository.list(ownerOf(actor), {
        deleted: query.deleted === true,
        limit: bounds.postingsPerPersonMaxItems,
      });
      const { items, ...rest } = listedPostings(all, query);
      return { ...rest, items: items.map(summaryOf) };
    },

    get: async (actor, id) => viewOf(await own(ownerOf(actor), id)),

    async change(actor, id, change) {
      const owner = ownerOf(actor);
      await own(owner, id);
      const posting = await repository.change(owner, id, setOf(change), clock.now());
      if (posting === null) throw missing();
      await record(actor, "career-posting.change", id, { fields: Object.keys(change).sort().join(", ") });
      return viewOf(posting);
    },

    async remove(actor, id) {
      const owner = ownerOf(actor);
      const now = clock.now();
      const gone = await repository.change(owner, id, { isDeleted: true, deletedAt: now }, now);
      // What is repeated, after a crash or at the same time, finds the same moment.
      const posting = gone ?? (await repository.find(owner, id));
      if (posting === null) throw missing();
      const at = posting.deletedAt ?? now;
      if (gone !== null) await record(actor, "career-posting.delete", id, {});
      for (const each of dependents) await each.deletedWith(owner, id, at);
      return { restorableUntil: restorableUntil(at).toISOString() };
    },

    async restore(actor, id) {
      const posting = await repository.find(ownerOf(actor), id);
      if (posting === null) throw missing();
      return await restore(actor, posting);
    },

    async rubric(actor, id, by) {
      const posting = await own(ownerOf(actor), id);
      return await rubrics.view(posting, by);
    },

    async record(owner, id) {
      const posting = await repository.find(owner, id);
      return posting === null || posting.isDeleted ? null : posting;
    },
    async all(owner) {
      const limit = bounds.postingsPerPersonMaxItems;
      const [there, deleted] = await Promise.all([
        repository.list(owner, { deleted: false, limit }),
        repository.list(owner, { deleted: true, limit }),
      ]);
      return [...there, ...deleted];
    },
    rubricOf: async (posting, by) => (await rubrics.of(posting, by)).stored,

    removeOfPerson: (userId) => repository.removeOfPerson(userId),

    async exportOf(userId) {
      const { postings, rubrics: made } = await repository.allOfPerson(userId);
      return {
        postings: postings.map(({ userId: _own, ...posting }) => posting),
        rubrics: made.map(({ userId: _own, ...rubric }) => rubric),
      };
    },

    async removeDeleted(before) {
      let removed = 0;
      for (;;) {
        const due = await repository.deletedBefore(before, removedAtOnce);
        for (const { id } of due) {
          for (const each of dependents) await each.removedWith(id);
          await repository.remove(id);
          removed += 1;
        }
        if (due.length < removedAtOnce) return removed;
      }
    },
  };
}

function missing(): AppError {
  return notFound("This posting");
}

function setOf({ userTags, ...change }: ChangePosting): PostingChange {
  const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const named = Object.fromEntries(
    Object.entries(set).map(([name, value]) => [name, emptyIsNone(name, value)]),
  );
  return userTags === undefined ? named : { ...named, userTags: [...new Set(userTags)] };
}

function emptyIsNone(name: string, value: unknown): unknown {
  return value === "" && name !== "notes" ? null : value;
}

function summaryOf(posting: ListedPosting): PostingSummary {
  const { id, jobUrl, platform, title, company, location, salary, employmentType, seniority } = posting;
  const { userTags, isFavorite, status, rating, createdAt, updatedAt, deletedAt } = posting;
  return {
    id,
    jobUrl,
    platform,
    title,
    company,
    location,
    salary,
    employmentType,
    seniority,
    userTags,
    isFavorite,
    status,
    rating,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    deletedAt: deletedAt?.toISOString() ?? null,
  };
}

function viewOf(posting: StoredPosting): PostingView {
  const { extractedText, notes, descriptionHash } = posting;
  return { ...summaryOf(posting), text: extractedText, notes, descriptionHash };
}
