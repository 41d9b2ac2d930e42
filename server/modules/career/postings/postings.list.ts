// A person's postings as a list: what is sought, filtered and sorted, page by page.
import { z } from "zod";
import type { ListPostings } from "../../../../shared/schemas/career/postings.ts";
import { foldedWords } from "../../../../shared/topics.ts";
import { decodeCursor, encodeCursor } from "../../../platform/cursor.ts";
import type { ListedPosting } from "./postings.repository.ts";

/** `all` newest first. A page begins behind the posting that the cursor names, also where that one is gone. */
export function listedPostings(
  all: readonly ListedPosting[],
  { q, status, favorite, tag, ratingAtLeast, sort, limit, cursor }: ListPostings,
): { items: ListedPosting[]; nextCursor: string | null; total: number; tags: string[] } {
  const sought = foldedWords(q ?? "");
  const found = all
    .filter(
      (posting) =>
        (status === undefined || posting.status === status) &&
        (favorite === undefined || posting.isFavorite === favorite) &&
        (tag === undefined || posting.userTags.includes(tag)) &&
        (ratingAtLeast === undefined || (posting.rating ?? 0) >= ratingAtLeast) &&
        (sought.length === 0 || holdsAll(posting, sought)),
    )
    .map((posting) => ({ posting, key: keyOf(posting, sort) }))
    .sort((a, b) => compare(a.key, b.key));
  const after = cursor === undefined ? null : decodeCursor(cursor, cursorSchema);
  const rest = after === null ? found : found.filter(({ key }) => compare(key, after) > 0);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ posting }) => posting),
    nextCursor: rest.length > limit && last !== undefined ? encodeCursor(last.key) : null,
    total: found.length,
    tags: [...new Set(all.flatMap(({ userTags }) => userTags))].sort((a, b) => a.localeCompare(b, "en")),
  };
}

type Key = [string | number, number, string];
const cursorSchema = z.tuple([z.union([z.string(), z.number()]), z.number(), z.string()]);
/** Cursors are short, titles need not be. */
const titleKeyMaxChars = 40;

function keyOf({ id, title, rating, createdAt }: ListedPosting, sort: ListPostings["sort"]): Key {
  const newest = -createdAt.getTime();
  if (sort === "rating") return [-(rating ?? 0), newest, id];
  if (sort === "title") return [title.toLowerCase().slice(0, titleKeyMaxChars), newest, id];
  return [0, newest, id];
}

function compare(one: Key, other: Key): number {
  for (const [at, value] of one.entries()) {
    const against = other[at] ?? "";
    if (typeof value === "number" && typeof against === "number") {
      if (value !== against) return value - against;
    } else if (value !== against) return String(value) < String(against) ? -1 : 1;
  }
  return 0;
}

function holdsAll(posting: ListedPosting, sought: readonly string[]): boolean {
  const { title, company, location, userTags } = posting;
  const words = foldedWords([title, company ?? "", location ?? "", ...userTags].join(" "));
  return sought.every((beginning) => words.some((word) => word.startsWith(beginning)));
}
