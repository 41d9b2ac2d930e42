// What one document needs so that everything encrypted in it is under one key: pure, over the document as it is stored.
import { keyIdOf } from "../../platform/privacy/envelope.ts";
import type { CollectionCipher } from "../../platform/privacy/field-cipher.ts";

export type Stored = Record<string, unknown>;

export interface SealedValue {
  /** Where it stands, with the places of list items: `attachments.0.content`. */
  path: string;
  /** As the inventory names it: `attachments.content`. */
  field: string;
  value: string;
  /** What is stored, where it is no text yet but something of which `value` is the JSON. */
  formed?: object;
}

/** The encrypted, or not yet encrypted, values of a document. */
export function sealedValues(document: Stored, fields: readonly string[]): SealedValue[] {
  return fields.flatMap((field) =>
    valuesAt(document, field.split("."), "").map((found) => ({ ...found, field })),
  );
}

function valuesAt(at: unknown, names: readonly string[], path: string): Omit<SealedValue, "field">[] {
  if (names.length === 0 && isFormed(at)) return [{ path, value: JSON.stringify(at), formed: at }];
  if (Array.isArray(at))
    return at.flatMap((item, index) => valuesAt(item, names, path === "" ? `${index}` : `${path}.${index}`));
  const [name, ...below] = names;
  if (name === undefined) return typeof at === "string" ? [{ path, value: at }] : [];
  if (at === null || typeof at !== "object") return [];
  return valuesAt((at as Stored)[name], below, path === "" ? name : `${path}.${name}`);
}

/** Kept as it was, from before it was encrypted, where it is kept as JSON since. A list of texts has each for itself. */
function isFormed(at: unknown): at is object {
  return Array.isArray(at)
    ? at.some((item) => typeof item !== "string")
    : at !== null && typeof at === "object" && Object.getPrototypeOf(at) === Object.prototype;
}

/** The keys that a document needs; null stands for values that are not encrypted. Empty where it holds none. */
export function keysIn(values: readonly SealedValue[]): ReadonlySet<string | null> {
  return new Set(values.map(({ value }) => keyIdOf(value)));
}

export interface Change {
  /** What must still be there, so that a write in between is not lost. */
  from: Record<string, string | object>;
  to: Record<string, string>;
}

/** Null where everything is under the key already. Throws where a value cannot be decrypted. */
export function changeTo(
  primary: string,
  values: readonly SealedValue[],
  { id, cipher }: { id: string; cipher: CollectionCipher },
): Change | null {
  const others = values.filter(({ value }) => keyIdOf(value) !== primary);
  if (others.length === 0) return null;
  return {
    from: Object.fromEntries(others.map(({ path, value, formed }) => [path, formed ?? value])),
    to: Object.fromEntries(
      others.map(({ path, field, value }) => [path, cipher.seal(id, field, cipher.open(id, field, value))]),
    ),
  };
}
