// The transcript beside the recap: searched, linked to, and drawn only where somebody looks.
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "react-router";
import type { MeetingId } from "../../../shared/ids.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { TextInput } from "../../ui/field.tsx";
import { EmptyState, Failure, Notice } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { recapStrings } from "./strings.ts";
import { TranscriptBlock } from "./transcript-block.tsx";
import { blocksOf, findLines, nearestSequence, sequenceOfHash } from "./transcript-lines.ts";
import styles from "./transcript.module.css";
import { useTranscript } from "./use-transcript.ts";

const words = recapStrings.transcript;

export interface TranscriptProps {
  meetingId: MeetingId;
  nameOf: (userId: string) => string;
}

interface Target {
  sequence: number;
  /** Changes with every request, so that the same line can be asked for again. */
  request: string;
  /** A citation takes the focus with it; a search keeps it in its field. */
  focus: boolean;
}

export function TranscriptCard({ meetingId, nameOf }: TranscriptProps) {
  const transcript = useTranscript(meetingId);
  const { lines } = transcript;
  const location = useLocation();
  const [query, setQuery] = useState("");
  const searched = useDeferredValue(query);
  const hits = useMemo(() => findLines(lines, searched), [lines, searched]);
  const blocks = useMemo(() => blocksOf(lines), [lines]);
  const [found, setFound] = useState<{ query: string; at: number; moves: number }>({
    query: "",
    at: 0,
    moves: 0,
  });
  if (found.query !== searched) setFound({ query: searched, at: 0, moves: 0 });

  const cited = sequenceOfHash(location.hash);
  const [followed, setFollowed] = useState<string | null>(null);
  const hit = hits[found.at];
  // Whichever was asked for last: a search in progress, or the address.
  const target = useMemo<Target | null>(() => {
    if (hit !== undefined && followed === location.key) {
      return { sequence: hit, request: `${found.query} ${found.at} ${found.moves}`, focus: false };
    }
    const there = cited === null ? null : nearestSequence(lines, cited);
    if (there === null || (transcript.status === "loading" && cited !== null && there < cited)) return null;
    return { sequence: there, request: location.key, focus: true };
  }, [hit, followed, found, cited, lines, location.key, transcript.status]);

  function search(value: string) {
    setQuery(value);
    setFollowed(location.key);
  }
  function move(by: 1 | -1) {
    if (hits.length === 0) return;
    setFollowed(location.key);
    setFound((now) => ({
      ...now,
      at: (now.at + by + hits.length) % hits.length,
      moves: now.moves + 1,
    }));
  }

  return (
    <Card
      title={words.heading}
      className={styles["card"]}
      aside={lines.length > 0 && <Badge>{words.lines(transcript.lastSequence)}</Badge>}
    >
      {lines.length > 0 && (
        <div className={styles["search"]}>
          <TextInput
            label={words.search}
            labelHidden
            type="search"
            placeholder={words.search}
            value={query}
            onChange={(event) => search(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              move(event.shiftKey ? -1 : 1);
            }}
          />
          {query.trim() !== "" && (
            <div className={styles["found"]}>
              <span role="status">
                {hits.length === 0 ? words.noMatch : words.matches(found.at + 1, hits.length)}
              </span>
              <IconButton icon={ChevronUp} label={words.previous} size="small" onClick={() => move(-1)} />
              <IconButton icon={ChevronDown} label={words.next} size="small" onClick={() => move(1)} />
              <IconButton icon={X} label={words.clear} size="small" onClick={() => search("")} />
            </div>
          )}
        </div>
      )}
      {transcript.status === "loading" && lines.length === 0 && <Waiting label={words.loading} />}
      {transcript.status === "complete" && lines.length === 0 && <EmptyState title={words.empty} />}
      {cited !== null && transcript.status === "complete" && cited > transcript.lastSequence && (
        <Notice tone="warm">
          <p>{words.unreachable(cited)}</p>
        </Notice>
      )}
      {lines.length > 0 && <Lines blocks={blocks} query={searched} target={target} nameOf={nameOf} />}
      {transcript.status === "loading" && lines.length > 0 && (
        <p className={styles["more"]}>{words.loadingMore(lines.length, transcript.lastSequence)}</p>
      )}
      {transcript.status === "failed" && transcript.error !== null && (
        <Failure message={transcript.error.message} onRetry={transcript.goOn} />
      )}
      {transcript.status === "paused" && <Button onClick={transcript.goOn}>{words.more}</Button>}
    </Card>
  );
}

interface LinesProps {
  blocks: ReturnType<typeof blocksOf>;
  query: string;
  target: Target | null;
  nameOf: (userId: string) => string;
}

function Lines({ blocks, query, target, nameOf }: LinesProps) {
  const list = useRef<HTMLDivElement>(null);
  const [root, setRoot] = useState<HTMLDivElement | null>(null);
  useEffect(() => setRoot(list.current), []);
  const shown = useRef<string | null>(null);
  const [settling, setSettling] = useState(0);

  // Runs after the target's block is drawn, and once more when the blocks around it have found their height.
  useLayoutEffect(() => {
    const scrolled = list.current;
    if (target === null || scrolled === null) return;
    const line = document.getElementById(`t-${target.sequence}`);
    if (line === null) return;
    const again = shown.current === target.request;
    // The list moves, not the page: whoever pressed a citation keeps their place beside it.
    const [lineBox, listBox] = [line.getBoundingClientRect(), scrolled.getBoundingClientRect()];
    scrolled.scrollTop += lineBox.top - listBox.top - (scrolled.clientHeight - lineBox.height) / 2;
    if (target.focus) scrolled.scrollIntoView({ block: "nearest" });
    if (again) return;
    shown.current = target.request;
    if (target.focus) line.focus({ preventScroll: true });
    const frame = requestAnimationFrame(() => setSettling((count) => count + 1));
    return () => cancelAnimationFrame(frame);
    // `blocks` is left out on purpose: pages that arrive later must not pull the reader back.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [target?.request, target?.sequence, settling]);

  return (
    <div className={styles["lines"]} ref={list} role="region" aria-label={words.region} tabIndex={0}>
      {blocks.map((block) => (
        <TranscriptBlock
          key={block.first}
          block={block}
          query={query}
          root={root}
          nameOf={nameOf}
          highlighted={
            target !== null && target.sequence >= block.first && target.sequence <= block.last
              ? target.sequence
              : null
          }
        />
      ))}
    </div>
  );
}
