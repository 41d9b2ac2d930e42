// Rounds and cases that once failed. Seeds hold for the generators as they are; cases are whole by themselves.
import { bool, int, list, nothing, obj, text, double, type Doc } from "./model/value.ts";
import { decimal } from "./model/number.ts";
import type { Case } from "./case.ts";
import type { RoundKind } from "./run.ts";

export const pinnedRounds: readonly { kind: RoundKind; seed: number }[] = [
  { kind: "model", seed: 1 },
  { kind: "model", seed: 6 },
  { kind: "model", seed: 112 },
  { kind: "model", seed: 118 },
  { kind: "model", seed: 1111 },
];

const one: Doc = [["_id", int(1)]];

function updateCase(
  documents: Doc[],
  update: Doc,
  more: { filter?: Doc; upsert?: boolean; arrayFilters?: Doc[] } = {},
): Case {
  return {
    documents,
    operation: { kind: "update", filter: [], multi: false, upsert: false, update, ...more },
  };
}

const set = (path: string): Doc => [["$set", obj([[path, int(1)]])]];
const find = (documents: Doc[], filter: Doc): Case => ({ documents, operation: { kind: "find", filter } });

export const pinnedCases: Readonly<Record<string, Case>> = {
  "a missing field lies below MaxKey": find([one], [["b", obj([["$lt", { t: "maxKey" }]])]]),
  "a missing field lies above MinKey": find([one], [["b", obj([["$gt", { t: "minKey" }]])]]),
  "$mod of a decimal beyond a double's digits": find(
    [[...one, ["c", decimal("9007199254740993")]]],
    [["c", obj([["$mod", list([int(-2), int(1)])]])]],
  ),
  "nothing lies below a number at a position": find([[...one, ["b", list([int(1)])]]], [["b.0.y", nothing]]),
  "a position names an array as a whole": find([[...one, ["b", list([list([int(5)])])]]], [["b.0", int(5)]]),
  "a position may be a missing name": find(
    [[...one, ["b", list([obj([["x", int(1)]])])]]],
    [["b.0", nothing]],
  ),
  "distinct opens an array at a position": {
    documents: [[...one, ["d", list([int(1), list([])])]]],
    operation: { kind: "distinct", filter: [], path: "d.1" },
  },
  "two arrays side by side are no order": {
    documents: [[...one, ["a", list([])], ["b", list([])]]],
    operation: {
      kind: "find",
      filter: [],
      sort: [
        { path: "a", descending: false },
        { path: "b", descending: true },
      ],
    },
  },
  "elements of one array are sorted by together": {
    documents: [
      [
        ...one,
        [
          "a",
          list([
            obj([
              ["x", int(1)],
              ["y", int(5)],
            ]),
            obj([
              ["x", int(2)],
              ["y", int(0)],
            ]),
          ]),
        ],
      ],
      [
        ["_id", int(2)],
        [
          "a",
          obj([
            ["x", int(1)],
            ["y", int(3)],
          ]),
        ],
      ],
    ],
    operation: {
      kind: "find",
      filter: [],
      sort: [
        { path: "a.x", descending: false },
        { path: "a.y", descending: false },
      ],
    },
  },
  "projecting a path within a path": {
    documents: [],
    operation: {
      kind: "find",
      filter: [],
      projection: [
        ["c", int(1)],
        ["c.y", int(1)],
      ],
    },
  },
  "elements of what is no array": updateCase([[...one, ["a", int(1)]]], set("a.$[]")),
  "$ without a position, below nothing": updateCase([one], [["$unset", obj([["a.$.b", text("")]])]]),
  "$ and a field of the same place": updateCase(
    [],
    [
      ["$unset", obj([["a.$.x", text("")]])],
      ["$inc", obj([["a", int(2)]])],
    ],
  ),
  "fields and elements of the same array": updateCase(
    [],
    [
      [
        "$set",
        obj([
          ["a.b", int(1)],
          ["a.$[i].x", int(1)],
        ]),
      ],
    ],
    { arrayFilters: [[["i", int(1)]]] },
  ),
  "two filters for one element": updateCase(
    [[...one, ["a", list([int(1)])]]],
    [
      [
        "$inc",
        obj([
          ["a.$[i]", int(1)],
          ["a.$[j]", int(1)],
        ]),
      ],
    ],
    { arrayFilters: [[["i", int(1)]], [["j", int(1)]]] },
  ),
  "filters are asked before elements change": updateCase(
    [[...one, ["a", list([obj([["x", int(1)]])])]]],
    [
      [
        "$set",
        obj([
          ["a.$[i].x", int(2)],
          ["a.$[j].y", int(2)],
        ]),
      ],
    ],
    { arrayFilters: [[["i.x", int(1)]], [["j.x", int(2)]]] },
  ),
  "$pull below a name in an array": updateCase(
    [[...one, ["b", list([])]]],
    [["$pull", obj([["b.y", int(1)]])]],
  ),
  "$addToSet through a number": updateCase(
    [[...one, ["a", int(-1)]]],
    [["$addToSet", obj([["a.y", int(1)]])]],
  ),
  "$pop of a number": updateCase([[...one, ["a", int(1)]]], [["$pop", obj([["a", int(1)]])]]),
  "$addToSet with $each of a number": updateCase(
    [one],
    [["$addToSet", obj([["a", obj([["$each", int(1)]])]])]],
  ),
  "$currentDate with false": updateCase([one], [["$currentDate", obj([["a", bool(false)]])]]),
  "$mul of nothing by a negative double": updateCase([one], [["$mul", obj([["a", double(-2.5)]])]]),
  "$mul of nothing by a decimal": updateCase([one], [["$mul", obj([["a", decimal("2.5")]])]]),
  "$mul of nothing by a negative zero": updateCase([one], [["$mul", obj([["a", decimal("-0")]])]]),
  "$mul of a decimal by a zero": updateCase(
    [[...one, ["a", decimal("1.5")]]],
    [["$mul", obj([["a", double(0)]])]],
  ),
  "$mul that changes the digits only": updateCase(
    [[...one, ["a", decimal("1.0")]]],
    [["$mul", obj([["a", decimal("1.00")]])]],
  ),
  "$rename onto a field": updateCase(
    [[...one, ["a", int(1)], ["b", int(2)], ["c", int(3)]]],
    [["$rename", obj([["a", text("b")]])]],
  ),
  "$rename onto an equal number": updateCase(
    [[...one, ["a", int(1)], ["b", double(1)]]],
    [["$rename", obj([["a", text("b")]])]],
  ),
  "$rename in the order of paths": updateCase(
    [[...one, ["z", int(1)]]],
    [
      ["$set", obj([["d", int(1)]])],
      ["$rename", obj([["z", text("c")]])],
    ],
  ),
  "$rename from within a number": updateCase(
    [[...one, ["a", int(1)]]],
    [["$rename", obj([["a.b", text("c")]])]],
  ),
  "the _id before what comes after it": updateCase(
    [one],
    [
      [
        "$inc",
        obj([
          ["a.$[]", int(1)],
          ["_id", int(1)],
        ]),
      ],
    ],
  ),
  "an upsert's fields in the order of their paths": updateCase([], set("z"), {
    filter: [
      ["d.b", int(1)],
      ["a.b", int(2)],
    ],
    upsert: true,
  }),
  "an upsert by a single choice": updateCase([], set("z"), {
    filter: [["_id", obj([["$in", list([int(-1)])]])]],
    upsert: true,
  }),
  "an update is parsed before its filter": {
    documents: [],
    operation: {
      kind: "findAndModify",
      filter: [["$nor", list([])]],
      update: set("a"),
      arrayFilters: [[["i", int(1)]]],
    },
  },
};
