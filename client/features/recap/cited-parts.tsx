// What a machine found in the conversation, each item with the words it comes from.
import { Quote, Sparkles } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Citation, CitedText, Insight } from "../../../shared/schemas/insights.ts";
import type { Topic } from "../../../shared/schemas/transcripts.ts";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { formatTimeline } from "../../ui/times.ts";
import styles from "./recap.module.css";
import { recapStrings } from "./strings.ts";
import { groupByTopic } from "./topic-groups.ts";
import { nameOfTopic } from "./topics.tsx";

type NameOf = (userId: string) => string;

export function MachineBadge({ generatedBy }: { generatedBy: string }) {
  const { rules, model, explained } = recapStrings.machine;
  return (
    <Badge tone="machine" icon={Sparkles} title={explained}>
      {generatedBy === "rules" ? rules : model(generatedBy)}
    </Badge>
  );
}

export function MachineCard({
  title,
  generatedBy,
  children,
}: {
  title: string;
  generatedBy: string;
  children: ReactNode;
}) {
  return (
    <Card title={title} className={styles["machine"]} aside={<MachineBadge generatedBy={generatedBy} />}>
      {children}
    </Card>
  );
}

export function Citations({ citations, nameOf }: { citations: readonly Citation[]; nameOf: NameOf }) {
  return (
    <ul className={styles["citations"]}>
      {citations.map((citation) => {
        const name = nameOf(citation.speakerId);
        const time = formatTimeline(citation.startMs);
        return (
          <li key={`${citation.sequence} ${citation.quote}`}>
            <Link
              to={`#t-${citation.sequence}`}
              className={styles["citation"]}
              title={recapStrings.citation.label(name, time)}
            >
              <Quote size={14} aria-hidden />
              <span>
                “{citation.quote}”{" "}
                <span className={styles["source"]}>
                  {name}, {time}
                </span>
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

export function Outcome({ insight, nameOf }: { insight: Insight; nameOf: NameOf }) {
  const { heading, empty } = recapStrings.outcome;
  return (
    <MachineCard title={heading} generatedBy={insight.generatedBy}>
      {insight.outcome === null ? (
        <p className={styles["muted"]}>{empty}</p>
      ) : (
        <>
          <p className={styles["outcome"]}>{insight.outcome.text}</p>
          <Citations citations={insight.outcome.citations} nameOf={nameOf} />
        </>
      )}
    </MachineCard>
  );
}

export interface CitedListProps {
  title: string;
  empty: string;
  items: readonly CitedText[];
  /** The items stand under these where there are several. */
  topics?: readonly Topic[];
  generatedBy: string;
  nameOf: NameOf;
}

export function CitedList({ title, empty, items, topics = [], generatedBy, nameOf }: CitedListProps) {
  return (
    <MachineCard title={title} generatedBy={generatedBy}>
      {items.length === 0 ? (
        <p className={styles["muted"]}>{empty}</p>
      ) : (
        groupByTopic(items, topics).map(({ topic, items: said }, group) => (
          <section key={group} className={styles["topic"]}>
            {topic !== null && <h3 className={styles["topicName"]}>{nameOfTopic(topic)}</h3>}
            <ul className={styles["items"]}>
              {said.map((item, index) => (
                <li key={index}>
                  <p>{item.text}</p>
                  <Citations citations={item.citations} nameOf={nameOf} />
                </li>
              ))}
            </ul>
          </section>
        ))
      )}
    </MachineCard>
  );
}
