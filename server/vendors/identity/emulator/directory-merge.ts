// What two processes made of the same records, put together: neither's changes are lost to the other's.

/** Records as JSON, by id. */
export type Rows = ReadonlyMap<string, string>;

/**
 * What `theirs` and `ours` have changed since both were `base`. A record that either has deleted is gone. Of one that both
 * have changed each field is the one that was changed, and ours where both were; of refresh tokens none is forgotten.
 */
export function mergeRows(base: Rows, ours: Rows, theirs: Rows): Rows {
  if (theirs === base) return ours;
  const merged = new Map<string, string>();
  for (const id of new Set([...theirs.keys(), ...ours.keys()])) {
    const row = merge(base.get(id), ours.get(id), theirs.get(id), mergeFields);
    if (row !== undefined) merged.set(id, row);
  }
  return merged;
}

type Both = (base: string | undefined, ours: string, theirs: string) => string;

function merge(
  base: string | undefined,
  ours: string | undefined,
  theirs: string | undefined,
  both: Both,
): string | undefined {
  if (ours === base) return theirs;
  if (theirs === base || theirs === ours) return ours;
  if (ours === undefined || theirs === undefined) return undefined;
  return both(base, ours, theirs);
}

function mergeFields(base: string | undefined, ours: string, theirs: string): string {
  const [before, own, other] = [fieldsOf(base), fieldsOf(ours), fieldsOf(theirs)];
  const fields = [...new Set([...other.keys(), ...own.keys()])].flatMap((field) => {
    const both: Both = field === "refreshTokens" ? mergeTokens : (_, changed) => changed;
    const value = merge(before.get(field), own.get(field), other.get(field), both);
    return value === undefined ? [] : [`${JSON.stringify(field)}:${value}`];
  });
  return `{${fields.join(",")}}`;
}

function mergeTokens(base: string | undefined, ours: string, theirs: string): string {
  const merged = mergeRows(tokensOf(base), tokensOf(ours), tokensOf(theirs));
  return `[${[...merged.values()].join(",")}]`;
}

function fieldsOf(row: string | undefined): Rows {
  const fields = row === undefined ? {} : (JSON.parse(row) as Record<string, unknown>);
  return new Map(Object.entries(fields).map(([field, value]) => [field, JSON.stringify(value)]));
}

function tokensOf(list: string | undefined): Rows {
  const tokens = list === undefined ? [] : (JSON.parse(list) as { hash: string }[]);
  return new Map(tokens.map((token) => [token.hash, JSON.stringify(token)]));
}
