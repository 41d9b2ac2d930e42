// What is encrypted of runs and of what they have made: texts and lists of texts one by one, what has a form as its JSON.
import type { CollectionCipher, FieldCipher } from "../../../platform/privacy/field-cipher.ts";

const sealedParts = {
  runs: { texts: ["resumeName", "jobTitle", "company", "errorMessage"], formed: [] },
  runRubrics: { texts: [], formed: ["jobMeta", "requirements", "keywords", "constraints", "notes"] },
  selectionPlans: { texts: [], formed: ["coverage", "selected", "budgetsUsed", "selectionNotes"] },
  tailoredResumes: {
    texts: ["summary", "notes"],
    formed: ["workExperience", "projects", "education", "skills", "awards", "findings"],
  },
} as const satisfies Record<string, { texts: readonly string[]; formed: readonly string[] }>;

/** Of one collection; `id` is what its documents are known by. What a document does not hold stays away. */
export interface RunSealer {
  seal<Fields extends object>(id: string, fields: Fields): Fields;
  /** Also of documents from before they were encrypted. Throws where a value cannot be opened. */
  open<Fields extends object>(id: string, stored: Fields): Fields;
}

export function createRunSealer(cipher: FieldCipher, collection: keyof typeof sealedParts): RunSealer {
  const own = cipher.of(collection);
  const { texts, formed } = sealedParts[collection];

  function changed<Fields extends object>(
    fields: Fields,
    text: (field: string, value: string | null) => string | null,
    form: (field: string, value: unknown) => unknown,
  ): Fields {
    const held = fields as Record<string, unknown>;
    const next: Record<string, unknown> = { ...held };
    for (const field of texts) {
      const value = held[field] as string | string[] | null | undefined;
      if (value === undefined) continue;
      next[field] = Array.isArray(value) ? value.map((each) => text(field, each)) : text(field, value);
    }
    for (const field of formed) if (held[field] !== undefined) next[field] = form(field, held[field]);
    return next as Fields;
  }

  return {
    seal: (id, fields) =>
      changed(
        fields,
        (field, value) => own.seal(id, field, value),
        (field, value) => own.seal(id, field, JSON.stringify(value)),
      ),
    open: (id, stored) =>
      changed(
        stored,
        (field, value) => own.open(id, field, value),
        (field, value) => openForm(own, id, field, value),
      ),
  };
}

function openForm(own: CollectionCipher, id: string, field: string, value: unknown): unknown {
  // A document from before: it is encrypted at the next change of keys.
  if (typeof value !== "string") return value;
  return JSON.parse(own.open(id, field, value));
}
