// The page that says what is kept of people, field by field, written from the inventory.
import {
  inventory,
  fieldsOf,
  type ClassifiedField,
  type StoredCollection,
} from "../server/platform/privacy/inventory.ts";
import { retentionSentences } from "../server/platform/privacy/terms.ts";
import { markdownTable } from "./markdown-table.ts";

const classes: Record<ClassifiedField["class"], string> = {
  sealed: "personal",
  personal: "personal",
  content: "content",
  technical: "technical",
};

export function storedDataPage(): string {
  return [
    "# What is stored, and what of it is encrypted",
    "Written by `npm run policies` from the inventory (`server/platform/privacy/`), which a test compares with the store; do not edit.",
    "**Personal** says who somebody is, how to reach them, or is about one person. **Content** is what people said, wrote or planned, and what was made of it. **Technical** are ids, times, states and counts. How encryption works, and what it does not do: [encryption](encryption.md).",
    "Content is not encrypted field by field: transcripts and notes are searched, put together from pieces and streamed, which the store could not do with ciphertext; whoever can read the running server's memory or keys would have them anyway. Against a lost disk or a copied volume the answer is encryption of the disk, or of the database by its hosting.",
    "The addresses and names of the local sign-in (without WorkOS) stand in `DATA_DIR/identity/directory.json`, unencrypted: that file plays the part of the identity vendor.",
    ...inventory.flatMap((collection) => [
      `## ${collection.name}`,
      collection.holds,
      `_When a person is deleted:_ ${collection.deletion} ${howLong(collection.name)}_In the export of their data:_ ${collection.export}`,
      markdownTable(
        ["field", "class", "encrypted", "what it is, and why it is readable"],
        rowsOf(collection),
      ),
    ]),
  ]
    .join("\n\n")
    .concat("\n");
}

/** Of what holds nothing of people nobody asks. */
function howLong(name: string): string {
  const sentence = retentionSentences[name];
  return sentence === undefined ? "" : `_How long:_ ${sentence} `;
}

function rowsOf(collection: StoredCollection): string[][] {
  const fields = fieldsOf(collection);
  const named = fields.filter((field) => field.class !== "technical");
  const technical = fields.filter((field) => field.class === "technical").map(({ path }) => `\`${path}\``);
  return [
    ...named.map((field) => [
      `\`${field.path}\``,
      classes[field.class],
      field.class === "sealed" ? "yes" : "",
      field.sentence ?? "",
    ]),
    ...(technical.length === 0 ? [] : [[technical.join(", "), "technical", "", ""]]),
  ];
}
