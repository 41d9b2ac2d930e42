// Everything that the document store keeps, field by field, and what kind of data it is. A test compares it with the store.
import { aboutCareerPostings } from "./inventory-career-postings.ts";
import { aboutCareerRuns } from "./inventory-career-runs.ts";
import { aboutCareers } from "./inventory-career.ts";
import { aboutMatching } from "./inventory-matching.ts";
import { aboutMeetings } from "./inventory-meetings.ts";
import { aboutOperating } from "./inventory-operating.ts";
import { aboutPeople } from "./inventory-people.ts";

/**
 * A path stands for everything below it; items of a list have their list's path. `_id` is meant where it is not named: an
 * id of our own making.
 */
export interface StoredCollection {
  name: string;
  /** In one sentence, for a person who asks what is kept of them. */
  holds: string;
  /** What becomes of it when a person is deleted, and why something stays. */
  deletion: string;
  /** What of it a person gets who asks for their data, to be told to them; "Not: " and why, where nothing is. */
  export: string;
  /** Says who somebody is or how to reach them; to be encrypted. The sentence says what it is. */
  sealed?: Record<string, string>;
  /** About a person, but readable to whoever can read the store. The sentence says why it has to be. */
  personal?: Record<string, string>;
  /** What people said, wrote or planned, and what was made of it. The sentence says what it is. */
  content?: Record<string, string>;
  /** The fields that say whose ciphertexts a document holds, where it is not `_id`: moved to another one they are void. */
  identifiedBy?: readonly string[];
  /** Fields that hold the keyed hash of an encrypted address, by which it is found: the hash's field and the address's. */
  searched?: Record<string, string>;
  /** Fields that hold keyed hashes of what somebody wrote, by which the same is found again. */
  keyed?: readonly string[];
  /** Ids, times, states and counts. */
  technical: readonly string[];
}

export const inventory: readonly StoredCollection[] = [
  ...aboutPeople,
  ...aboutCareerPostings,
  ...aboutCareerRuns,
  ...aboutMatching,
  ...aboutCareers,
  ...aboutMeetings,
  ...aboutOperating,
];

export type FieldClass = "sealed" | "personal" | "content" | "technical";

export interface ClassifiedField {
  path: string;
  class: FieldClass;
  sentence: string | null;
}

export function fieldsOf(collection: StoredCollection): ClassifiedField[] {
  const named = (["sealed", "personal", "content"] as const).flatMap((fieldClass) =>
    Object.entries(collection[fieldClass] ?? {}).map(([path, sentence]) => ({
      path,
      class: fieldClass,
      sentence,
    })),
  );
  const technical = collection.technical.map((path) => ({
    path,
    class: "technical" as const,
    sentence: null,
  }));
  const id = { path: "_id", class: "technical" as const, sentence: null };
  return [...(named.some(({ path }) => path === "_id") ? [] : [id]), ...named, ...technical];
}

/** What kind of data stands at a path of a document; null where nobody has said. */
export function classOf(collection: StoredCollection, path: string): ClassifiedField | null {
  return (
    fieldsOf(collection).find((field) => path === field.path || path.startsWith(`${field.path}.`)) ?? null
  );
}
