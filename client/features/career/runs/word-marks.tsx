// The two sides of a word diff: the original with what was taken out, the other with what was added.
import { wordDiff } from "./word-diff.ts";
import { runStrings as words } from "./strings.ts";

export function Taken({ before, after }: { before: string; after: string }) {
  return wordDiff(before, after).map(({ kind, text }, place) =>
    kind === "taken" ? (
      <del key={place}>
        <span className="visually-hidden">{words.taken}: </span>
        {text}
      </del>
    ) : (
      kind === "same" && <span key={place}>{text}</span>
    ),
  );
}

export function Added({ before, after }: { before: string; after: string }) {
  return wordDiff(before, after).map(({ kind, text }, place) =>
    kind === "added" ? (
      <ins key={place}>
        <span className="visually-hidden">{words.added}: </span>
        {text}
      </ins>
    ) : (
      kind === "same" && <span key={place}>{text}</span>
    ),
  );
}
