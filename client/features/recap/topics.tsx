// What the call was about: each topic leads to where it begins in the transcript.
import { Link } from "react-router";
import type { Topic } from "../../../shared/schemas/transcripts.ts";
import { formatTimeline } from "../../ui/times.ts";
import { recapStrings } from "./strings.ts";
import styles from "./topics.module.css";

const words = recapStrings.topics;

export function TopicJumps({ topics }: { topics: readonly Topic[] }) {
  if (topics.length === 0) return null;
  return (
    <nav className={styles["topics"]} aria-label={words.heading}>
      <h3 className={styles["heading"]}>{words.heading}</h3>
      <ol className={styles["list"]}>
        {topics.map((topic) => (
          <li key={topic.firstSequence}>
            <Link to={`#t-${topic.firstSequence}`} className={styles["jump"]}>
              <span className={styles["labels"]}>{nameOfTopic(topic)}</span>
              <span className={styles["range"]}>
                {words.range(formatTimeline(topic.startMs), formatTimeline(topic.endMs))}
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

export function nameOfTopic({ labels }: Topic): string {
  return labels.length === 0 ? words.unnamed : labels.join(" · ");
}
