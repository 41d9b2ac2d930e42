// The brief before a call: what is still open first, then where the last calls ended and ideas to open with, each with what it rests on.
import { Sparkles } from "lucide-react";
import { Fragment, type ReactNode } from "react";
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

export function BriefCard({ meetingId }: { meetingId: MeetingId }) {
  const brief = useRequest(endpoints.brief, { params: { id: meetingId } });
  return (
    <Card
      title={words.heading}
      className={styles["card"]}
      aside={
        brief.data?.status === "ready" && (
          <Badge tone="machine" icon={Sparkles} title={words.explained}>
            {words.rules}
          </Badge>
        )
      }
    >
      {brief.status === "loading" && <Waiting label={words.loading} />}
      {brief.status === "error" && <Failure error={brief.error} onRetry={brief.retry} />}
      {brief.data?.status === "off" && <p className={styles["quiet"]}>{words.off}</p>}
      {brief.data?.status === "ready" && <Parts brief={brief.data} />}
    </Card>
  );
}

function Parts({ brief: { commitments, lastCalls, ideas, missing } }: { brief: Brief }) {
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
