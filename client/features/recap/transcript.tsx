// The transcript beside the recap: searched, linked to, and drawn only where somebody looks.
import { useMemo, useState } from "react";
import { useFlag } from "../../api/flags.ts";
import { useLocation } from "react-router";
import type { UserId } from "../../../shared/ids.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import type { Topic } from "../../../shared/schemas/transcripts.ts";
import { inTimeOrder } from "../../../shared/transcript/order.ts";
import { nearestSequence, sequenceOfHash } from "../../transcript/lines.ts";
import type { LineRights } from "../../transcript/rights.ts";
import { SearchBox, useTranscriptSearch } from "../../transcript/search-box.tsx";
import { type Target, TranscriptList } from "../../transcript/transcript-list.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState, Failure, Notice } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { recapStrings } from "./strings.ts";
import { TopicJumps } from "./topics.tsx";
import styles from "./transcript-card.module.css";
import { useTranscript } from "./use-transcript.ts";

const words = recapStrings.transcript;

export interface TranscriptProps {
  meeting: Meeting;
  me: UserId;
  nameOf: (userId: string) => string;
  /** Of the ready recap; empty before. */
  topics: readonly Topic[];
}

export function TranscriptCard({ meeting, me, nameOf, topics }: TranscriptProps) {
  const meetingId = meeting.id;
  const transcript = useTranscript(meetingId);
  const { correct } = transcript;
  const lines = useMemo(() => inTimeOrder(transcript.lines), [transcript.lines]);
  const location = useLocation();
  const found = useTranscriptSearch(lines);
  const [root, setRoot] = useState<HTMLDivElement | null>(null);
  const rights = useMemo(
    (): LineRights => ({
      meetingId,
      me,
      role: meeting.myRole,
      people: meeting.participants,
      onCorrected: correct,
    }),
    [meetingId, me, meeting.myRole, meeting.participants, correct],
  );

  const cited = sequenceOfHash(location.hash);
  const [followed, setFollowed] = useState<string | null>(null);
  const hit = found.hits[found.at];
  // Whichever was asked for last: a search in progress, or the address.
  const target = useMemo<Target | null>(() => {
    if (hit !== undefined && followed === location.key) {
      return { sequence: hit, request: `${found.searched} ${found.at} ${found.moves}`, focus: false };
    }
    const there = cited === null ? null : nearestSequence(lines, cited);
    if (there === null || (transcript.status === "loading" && cited !== null && there < cited)) return null;
    return { sequence: there, request: location.key, focus: true };
  }, [hit, followed, found.searched, found.at, found.moves, cited, lines, location.key, transcript.status]);

  const searchable = useFlag("transcript.search");

  return (
    <Card
      title={words.heading}
      className={styles["card"]}
      aside={lines.length > 0 && <Badge>{words.lines(transcript.lastSequence)}</Badge>}
    >
      {lines.length > 0 && <TopicJumps topics={topics} />}
      {lines.length > 0 && searchable && (
        <SearchBox
          {...found}
          search={(value) => {
            found.search(value);
            setFollowed(location.key);
          }}
          move={(by) => {
            setFollowed(location.key);
            found.move(by);
          }}
        />
      )}
      {transcript.status === "loading" && lines.length === 0 && <Waiting label={words.loading} />}
      {transcript.status === "complete" && lines.length === 0 && <EmptyState title={words.empty} />}
      {cited !== null && transcript.status === "complete" && cited > transcript.lastSequence && (
        <Notice tone="warm">
          <p>{words.unreachable(cited)}</p>
        </Notice>
      )}
      {lines.length > 0 && (
        <div className={styles["lines"]} ref={setRoot} role="region" aria-label={words.region} tabIndex={0}>
          <TranscriptList
            lines={lines}
            root={root}
            query={found.searched}
            target={target}
            nameOf={nameOf}
            rights={rights}
            linked
          />
        </div>
      )}
      {transcript.status === "loading" && lines.length > 0 && (
        <p className={styles["more"]}>{words.loadingMore(lines.length, transcript.lastSequence)}</p>
      )}
      {transcript.status === "failed" && transcript.error !== null && (
        <Failure error={transcript.error} onRetry={transcript.goOn} />
      )}
      {transcript.status === "paused" && <Button onClick={transcript.goOn}>{words.more}</Button>}
    </Card>
  );
}
