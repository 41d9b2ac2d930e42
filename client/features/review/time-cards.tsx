// Cards about time: who talked how much, the longest stretches, silences after questions, and talking at once.
import { useContext } from "react";
import type { ShownReview } from "../../../shared/schemas/reviews.ts";
import { Card } from "../../ui/card.tsx";
import { Legend, StackedBars } from "../../ui/stacked-bars.tsx";
import { FoldedTable } from "../../ui/table.tsx";
import { formatTimeline } from "../../ui/times.ts";
import { CallContext, ExampleLink, Examples } from "./examples.tsx";
import { formatSpan, sharesOf, wholePercent, type ReviewPerson } from "./figures.ts";
import styles from "./review.module.css";
import { reviewStrings } from "./strings.ts";

export function BalanceCard({ review }: { review: ShownReview }) {
  const words = reviewStrings.balance;
  const nameOf = useNames();
  const { people, timed, stepMs } = review;
  const shares = sharesOf(review);
  const coach = people.findIndex(({ part }) => part === "coach");
  const own = shares?.[coach];
  const names = people.map(nameOf);
  const steps = people[0]?.steps.length ?? 0;
  const rows = Array.from({ length: steps }, (_, step) => ({
    step,
    talked: people.map((person) => person.steps[step] ?? 0),
  }));
  return (
    <Card title={words.heading} className={styles["wide"]}>
      <p className={styles["figure"]}>
        {own === undefined
          ? words.none
          : timed
            ? words.figure(wholePercent(own))
            : words.figureWords(wholePercent(own))}
      </p>
      {timed && steps > 0 && (
        <>
          <StackedBars
            label={reviewStrings.chart(words.heading)}
            bars={rows.map(({ talked }) => talked)}
            full={stepMs}
          />
          <Legend names={names} />
        </>
      )}
      <ul className={styles["plain"]}>
        {people.map((person, index) => (
          <li key={person.speakerId}>
            <strong>{names[index]}</strong>{" "}
            <span className={styles["quiet"]}>
              {[
                wholePercent(shares?.[index] ?? 0),
                ...(timed ? [formatSpan(person.talkMs)] : []),
                `${person.words.toLocaleString()} ${words.words.toLowerCase()}`,
                `${person.turns.toLocaleString()} ${words.turns.toLowerCase()}`,
              ].join(" · ")}
            </span>
          </li>
        ))}
      </ul>
      {timed && steps > 0 && (
        <FoldedTable
          summary={reviewStrings.table}
          label={words.heading}
          columns={[
            {
              head: reviewStrings.step,
              cell: ({ step }) => reviewStrings.minutes(formatTimeline(step * stepMs)),
            },
            ...names.map((head, index) => ({
              head,
              look: "figure" as const,
              cell: ({ talked }: (typeof rows)[number]) => formatSpan(talked[index] ?? 0),
            })),
          ]}
          rows={rows}
          keyOf={({ step }) => String(step)}
        />
      )}
    </Card>
  );
}

export function LongestCard({ people }: { people: readonly ReviewPerson[] }) {
  const words = reviewStrings.longest;
  const nameOf = useNames();
  const told = people.filter(({ longest }) => longest !== null);
  if (told.length === 0) return null;
  return (
    <Card title={words.heading}>
      <p className={styles["quiet"]}>{words.note}</p>
      <ul className={styles["plain"]}>
        {told.map((person) => (
          <li key={person.speakerId}>
            <strong>{words.line(nameOf(person), formatSpan(person.longest?.lastsMs ?? 0))}</strong>
            {person.longest !== null && <ExampleLink example={person.longest} />}
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function WaitsCard({ waits }: { waits: NonNullable<ShownReview["waits"]> }) {
  const words = reviewStrings.waits;
  const { medianMs, long, questions, coachFirst, examples } = waits;
  return (
    <Card title={words.heading}>
      {medianMs === null ? (
        <p className={styles["quiet"]}>{words.none}</p>
      ) : (
        <>
          <p className={styles["figure"]}>{words.figure(formatSpan(medianMs))}</p>
          <p>{words.detail(long, questions, coachFirst)}</p>
          <p className={styles["quiet"]}>{words.note}</p>
          <Examples examples={examples} lasts={words.lasts} />
        </>
      )}
    </Card>
  );
}

export function OverlapsCard({ overlaps }: { overlaps: NonNullable<ShownReview["overlaps"]> }) {
  const words = reviewStrings.overlaps;
  return (
    <Card title={words.heading}>
      <p className={styles["figure"]}>{words.figure(overlaps.byCoach, overlaps.byOthers)}</p>
      <p className={styles["quiet"]}>{words.note}</p>
      <Examples examples={overlaps.examples} lasts={words.lasts} />
    </Card>
  );
}

function useNames(): (person: ReviewPerson) => string {
  const { nameOf } = useContext(CallContext);
  return ({ part, label, speakerId }) =>
    part === "coach" ? reviewStrings.you : (label ?? nameOf(speakerId));
}
