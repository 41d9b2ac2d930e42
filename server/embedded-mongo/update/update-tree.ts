// The paths of all operators of an update as one tree, applied in the order of its names.
import { StoreError } from "../errors.ts";
import type { FieldUpdate } from "./types.ts";

export type UpdateTree =
  | { kind: "operator"; update: FieldUpdate }
  | { kind: "rename"; from: readonly string[] }
  /** The source of a rename: nothing else may touch it. */
  | { kind: "taken" }
  /** Fields of a document or positions of an array; `$` is a name like others until the update runs. */
  | { kind: "fields"; children: Map<string, UpdateTree> }
  /** Elements of an array by the identifiers of their filters; "" takes all. */
  | { kind: "elements"; children: Map<string, UpdateTree> };

export type UpdateBranch = Extract<UpdateTree, { kind: "fields" | "elements" }>;

export function newTree(): UpdateBranch {
  return { kind: "fields", children: new Map() };
}

/** Throws ConflictingUpdateOperators (40) where another path is the same, within this one or around it. */
export function addPath(root: UpdateBranch, parts: readonly string[], leaf: UpdateTree): void {
  let branch = root;
  for (const [at, part] of parts.entries()) {
    const kind = kindOf(part);
    if (branch.kind !== kind) throw conflict(parts, at);
    const name = kind === "elements" ? part.slice(2, -1) : part;
    const child = branch.children.get(name);
    if (at === parts.length - 1) {
      if (child !== undefined) throw conflict(parts, at + 1);
      branch.children.set(name, leaf);
      return;
    }
    const next = child ?? { kind: kindOf(parts[at + 1] ?? ""), children: new Map<string, UpdateTree>() };
    if (!isBranch(next)) throw conflict(parts, at + 1);
    branch.children.set(name, next);
    branch = next;
  }
}

function kindOf(part: string): UpdateBranch["kind"] {
  return part.startsWith("$[") ? "elements" : "fields";
}

function isBranch(tree: UpdateTree): tree is UpdateBranch {
  return tree.kind === "fields" || tree.kind === "elements";
}

function conflict(parts: readonly string[], length: number): StoreError {
  return new StoreError(
    40,
    `Updating the path '${parts.join(".")}' would create a conflict at '${parts.slice(0, length).join(".")}'`,
  );
}

/** What two trees for the same element do together. Throws ConflictingUpdateOperators (40). */
export function mergeTrees(left: UpdateTree, right: UpdateTree, path: readonly string[]): UpdateTree {
  if (!isBranch(left) || !isBranch(right) || left.kind !== right.kind)
    throw new StoreError(40, `Update created a conflict at '${path.join(".")}'`);
  const children = new Map(left.children);
  for (const [name, child] of right.children) {
    const own = children.get(name);
    children.set(name, own === undefined ? child : mergeTrees(own, child, [...path, name]));
  }
  return { kind: left.kind, children };
}

/** By name, positions by number: the order in which new fields are added. */
export function inOrder(children: ReadonlyMap<string, UpdateTree>): [string, UpdateTree][] {
  return [...children].sort(([a], [b]) => {
    const bothNumbers = /^\d+$/.test(a) && /^\d+$/.test(b);
    return bothNumbers ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0;
  });
}
