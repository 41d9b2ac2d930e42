// The moments behind a figure: folded away, each a link to its line in the transcript.
import { useContext, createContext } from "react";
import { Link } from "react-router";
import type { ReviewExample } from "../../../shared/schemas/reviews.ts";
import { formatTimeline } from "../../ui/times.ts";
import { formatSpan } from "./figures.ts";
import styles from "./review.module.css";
import { reviewStrings as words } from "./strings.ts";

export interface CallOfReview {
  meetingId: string;
  nameOf: (userId: string) => string;
}

export const CallContext = createContext<CallOfReview>({ meetingId: "", nameOf: (userId) => userId });

export interface ExamplesProps {
  examples: readonly ReviewExample[];
  /** Before the count, where a card has several lists. */
  title?: string;
  /** Words for what lasted. */
  lasts?: (span: string) => string;
}

export function Examples({ examples, title, lasts }: ExamplesProps) {
  if (examples.length === 0) return null;
  const count = words.examples(examples.length);
  return (
    <details>
      <summary className={styles["summary"]}>{title === undefined ? count : `${title}: ${count}`}</summary>
      <ul className={styles["examples"]}>
        {examples.map((example) => (
          <li key={example.sequence}>
            <ExampleLink example={example} lasts={lasts} />
          </li>
        ))}
      </ul>
    </details>
  );
}

export function ExampleLink({
  example,
  lasts,
}: {
  example: ReviewExample;
  lasts?: ((span: string) => string) | undefined;
}) {
  const { meetingId, nameOf } = useContext(CallContext);
  const name = nameOf(example.speakerId);
  const time = formatTimeline(example.startMs);
  return (
    <Link
      to={`/meetings/${meetingId}/recap#t-${example.sequence}`}
      className={styles["example"] ?? ""}
      title={words.open(name, time)}
    >
      <span>“{example.text}”</span>
      <span className={styles["source"]}>
        {words.example(name, time)}
        {lasts !== undefined && example.lastsMs !== null && ` · ${lasts(formatSpan(example.lastsMs))}`}
      </span>
    </Link>
  );
}
