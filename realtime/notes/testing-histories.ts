// Random documents for tests: people who write, format and delete at once, and whose updates arrive in any order.
import * as Y from "yjs";

/** Numbers in [0, 1) that depend on the seed alone. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface History {
  people: Y.Doc[];
  /** Every edit, in an order in which each person's own edits stand in theirs. */
  updates: Uint8Array[];
}

/**
 * People edit what they have, and now and then take in what another has. Where they format, what is deleted in the end
 * depends on how updates were grouped: Yjs removes marks that have become idle whenever it takes in some.
 */
export function randomHistory(random: () => number, edits: number, { formats = false } = {}): History {
  const updates: Uint8Array[] = [];
  const count = 1 + Math.floor(random() * 4);
  const people = Array.from({ length: count }, () => {
    const doc = new Y.Doc();
    doc.clientID = 1 + Math.floor(random() * 2 ** (random() < 0.5 ? 8 : 32));
    doc.on("update", (update: Uint8Array, origin: unknown) => origin !== "others" && updates.push(update));
    return doc;
  });
  const anybody = () => people[Math.floor(random() * people.length)] ?? new Y.Doc();
  for (let edit = 0; edit < edits; edit += 1) {
    const doc = anybody();
    doc.transact(() => editAtRandom(doc, random, formats));
    if (random() < 0.3) Y.applyUpdate(doc, Y.encodeStateAsUpdate(anybody()), "others");
  }
  return { people, updates };
}

// Of one UTF-16 unit each: two people who cut one pair in two are not brought together by Yjs itself.
const words = ["a", "word ", "é", "e\u0301", "字字", "\u202e", "", "\n"];
const pairs = ["😀", "👩‍👩‍👧", "𝒳"];

function editAtRandom(doc: Y.Doc, random: () => number, formats: boolean): void {
  const below = (end: number) => Math.floor(random() * end);
  const fragment = doc.getXmlFragment("notes");
  const blocks = fragment
    .toArray()
    .filter((block) => block instanceof Y.XmlElement && block.nodeName !== "pairs");
  const block = blocks[below(blocks.length)];
  const text = block instanceof Y.XmlElement ? block.get(0) : undefined;
  const word = words[below(words.length)] ?? "";
  const at = text instanceof Y.XmlText ? below(text.length + 1) : 0;
  const chance = random();
  if (!(text instanceof Y.XmlText) || !(block instanceof Y.XmlElement) || chance < 0.08) {
    const name = ["paragraph", "heading", "pairs"][below(3)];
    const element = new Y.XmlElement(name);
    element.insert(0, [new Y.XmlText(name === "pairs" ? pairs[below(pairs.length)] : word)]);
    fragment.insert(below(fragment.length + 1), [element]);
  } else if (chance < 0.5) text.insert(at, word);
  else if (chance < 0.7) text.delete(at, below(Math.min(4, text.length - at) + 1));
  else if (chance < 0.8 && formats)
    text.format(at, below(text.length - at + 1), { bold: random() < 0.5 ? {} : null });
  else if (chance < 0.84) fragment.delete(below(fragment.length), 1);
  else if (chance < 0.88) block.setAttribute("level", word);
  else if (chance < 0.9) text.insertEmbed(at, { kind: "image", word });
  else if (chance < 0.94) doc.getMap("values").set(word, [word, below(9), null, { of: random() }]);
  else if (chance < 0.97) doc.getArray("list").push([new Uint8Array([below(256)]), null, true, "z"]);
  else doc.getMap("documents").set(word, new Y.Doc({ guid: word }));
}

/** What is written, and unless marks may have been removed also what is deleted, as far as it could be taken in. */
export function contentOf(doc: Y.Doc, { formats = false } = {}): unknown {
  const values: unknown = doc.getMap("values").toJSON();
  const list = doc.getArray("list").length;
  const { ds } = Y.decodeUpdate(Y.encodeStateAsUpdate(doc));
  const clocks = [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([left], [right]) => left - right);
  return {
    text: doc.getXmlFragment("notes").toString(),
    values,
    list,
    clocks,
    deleted: formats ? null : [...ds.clients],
  };
}

export function documentOf(updates: Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

export function shuffled<Item>(items: Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((left, right) => left.place - right.place)
    .map(({ item }) => item);
}
