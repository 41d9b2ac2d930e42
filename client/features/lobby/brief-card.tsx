// The brief before a call: what is still open first, then where the last calls ended and ideas to open with, each with what it rests on.
import { Sparkles } from "lucide-react";
import { Fragment, useEffect, useState, type ReactNode } from "react";
import { Link } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import type { Brief, BriefSource } from "../../../shared/schemas/briefs.ts";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { Failure } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatDay } from "../../ui/times.ts";
import styles from "./brief.module.css";
import { briefStrings as words } from "./brief-strings.ts";

/** A model writes for some seconds; what it wrote is there at the next reading. */
const readAgainMs = 3_000;

export function BriefCard({ meetingId }: { meetingId: MeetingId }) {
  const brief = useRequest(endpoints.brief, { params: { id: meetingId } });
  const { data, retry } = brief;
  // Stays where it is while it is read again.
  const [last, setLast] = useState<Brief | null>(null);
  if (data !== null && data !== last) setLast(data);
  const shown = data ?? (last?.meetingId === meetingId ? last : null);

  useEffect(() => {
    if (data === null || data.writing === null) return;
    const timer = setTimeout(retry, readAgainMs);
    return () => clearTimeout(timer);
  }, [data, retry]);

  return (
    <Card
      title={words.heading}
      className={styles["card"]}
      aside={
        shown?.status === "ready" && (
          <Badge tone="machine" icon={Sparkles} title={words.explained}>
            {shown.generatedBy === "rules" ? words.rules : words.byModel(shown.generatedBy)}
          </Badge>
        )
      }
    >
      {brief.status === "loading" && shown === null && <Waiting label={words.loading} />}
      {brief.status === "error" && <Failure error={brief.error} onRetry={brief.retry} />}
      {shown?.status === "off" && <p className={styles["quiet"]}>{words.off}</p>}
      {shown?.status === "ready" && <Parts brief={shown} />}
      <p role="status" className={`${styles["quiet"]} ${styles["status"]}`}>
        {typeof shown?.writing === "string" && words.writing(shown.writing)}
      </p>
    </Card>
  );
}

function Parts({ brief: { commitments, lastCalls, ideas, dropped, missing } }: { brief: Brief }) {
  return (
    <>
      {(commitments.length > 0 || lastCalls.length > 0) && (
        <Part title={words.commitments}>
          {commitments.length === 0 && <li className={styles["quiet"]}>{words.noCommitments}</li>}
          {commitments.map((one) => (
            <li key={one.id}>
              <p>{one.text}</p>
              <p className={styles["quiet"]}>
                {[
                  one.mine ? words.yours : (one.ownerName ?? words.noOwner),
                  ...(one.dueText === null ? [] : [words.due(one.dueText)]),
                  words.relevance(one.relevance),
                ].join(" · ")}{" "}
                · <Source source={one.source} />
              </p>
            </li>
          ))}
        </Part>
      )}
      {lastCalls.length > 0 && (
        <Part title={words.lastCalls}>
          {lastCalls.map(({ meetingId, title, startedAt, outcome, sequence }) => (
            <li key={meetingId}>
              <p>{outcome ?? <span className={styles["quiet"]}>{words.noOutcome}</span>}</p>
              <p className={styles["quiet"]}>
                <Source source={{ kind: "call", meetingId, title, sequence }} />
                {startedAt !== null && ` · ${formatDay(new Date(startedAt))}`}
              </p>
            </li>
          ))}
        </Part>
      )}
      {ideas.length > 0 && (
        <Part title={words.ideas}>
          {ideas.map(({ content, relevance, sources }) => (
            <li key={content}>
              <p>{content}</p>
              <p className={styles["quiet"]}>
                {words.relevance(relevance)} · {words.restsOn}{" "}
                {sources.map((source, index) => (
                  <Fragment key={index}>
                    {index > 0 && ", "}
                    <Source source={source} />
                  </Fragment>
                ))}
              </p>
            </li>
          ))}
        </Part>
      )}
      {dropped > 0 && <p className={styles["quiet"]}>{words.dropped(dropped)}</p>}
      {missing.map((sentence) => (
        <p key={sentence} className={styles["quiet"]}>
          {sentence}
        </p>
      ))}
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles["part"]}>
      <h3 className={styles["title"]}>{title}</h3>
      <ul className={styles["items"]}>{children}</ul>
    </section>
  );
}

function Source({ source }: { source: BriefSource }) {
  if (source.kind === "profile")
    return <Link to={`/people/${source.userId}`}>{words.profile(source.name)}</Link>;
  const place = source.sequence === null ? "" : `#t-${source.sequence}`;
  return <Link to={`/meetings/${source.meetingId}/recap${place}`}>{source.title}</Link>;
}
