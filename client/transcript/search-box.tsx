// A search in a transcript: what is typed, how many lines hold it, and the way from one to the next.
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import { IconButton } from "../ui/button.tsx";
import { TextInput } from "../ui/field.tsx";
import { findLines, type TranscriptLine } from "./lines.ts";
import { transcriptStrings as words } from "./strings.ts";
import styles from "./transcript.module.css";

export interface TranscriptSearch {
  query: string;
  /** What lines are marked with; follows what is typed as soon as there is time. */
  searched: string;
  hits: readonly number[];
  at: number;
  /** Counts moves, so that the same place can be asked for again. */
  moves: number;
  search: (query: string) => void;
  move: (by: 1 | -1) => void;
}

export function useTranscriptSearch(lines: readonly TranscriptLine[]): TranscriptSearch {
  const [query, setQuery] = useState("");
  const searched = useDeferredValue(query);
  const hits = useMemo(() => findLines(lines, searched), [lines, searched]);
  const [found, setFound] = useState({ query: "", at: 0, moves: 0 });
  if (found.query !== searched) setFound({ query: searched, at: 0, moves: 0 });
  return {
    query,
    searched,
    hits,
    at: found.at,
    moves: found.moves,
    search: setQuery,
    move(by) {
      if (hits.length === 0) return;
      setFound((now) => ({
        ...now,
        at: (now.at + by + hits.length) % hits.length,
        moves: now.moves + 1,
      }));
    },
  };
}

/** Enter leads to the next place, with Shift to the one before; Escape clears. */
export function SearchBox({ query, hits, at, search, move }: TranscriptSearch) {
  return (
    <div className={styles["search"]}>
      <TextInput
        label={words.search}
        labelHidden
        type="search"
        placeholder={words.search}
        title={words.searchHint}
        value={query}
        onChange={(event) => search(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && query !== "") {
            event.preventDefault();
            search("");
          }
          if (event.key !== "Enter") return;
          event.preventDefault();
          move(event.shiftKey ? -1 : 1);
        }}
      />
      {query.trim() !== "" && (
        <div className={styles["found"]}>
          <span role="status">{hits.length === 0 ? words.noMatch : words.matches(at + 1, hits.length)}</span>
          <IconButton icon={ChevronUp} label={words.previous} size="small" onClick={() => move(-1)} />
          <IconButton icon={ChevronDown} label={words.next} size="small" onClick={() => move(1)} />
          <IconButton icon={X} label={words.clear} size="small" onClick={() => search("")} />
        </div>
      )}
    </div>
  );
}
