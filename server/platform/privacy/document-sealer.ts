// Encrypts and decrypts the fields of one collection's documents: texts and lists of texts one by one, what has a form as its JSON.
import type { CollectionCipher, FieldCipher } from "./field-cipher.ts";

export interface SealedParts {
  /** Texts, lists of texts, or null. */
  texts: readonly string[];
  /** Whatever JSON can hold. */
  formed: readonly string[];
}

/** Of one collection; `id` is what its documents are known by. What a document does not hold stays away. */
export interface DocumentSealer {
  seal<Fields extends object>(id: string, fields: Fields): Fields;
  /** Also of documents from before they were encrypted. Throws where a value cannot be opened. */
  open<Fields extends object>(id: string, stored: Fields): Fields;
}

export function createDocumentSealer(
  cipher: FieldCipher,
  collection: string,
  { texts, formed }: SealedParts,
): DocumentSealer {
  const own = cipher.of(collection);

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
  // A document from before: the next change of keys takes it over.
  if (typeof value !== "string") return value;
  return JSON.parse(own.open(id, field, value));
}
