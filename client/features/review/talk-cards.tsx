// Cards about what was said: questions, reflections, talk about change, and the stages of GROW.
import type { ShownReview } from "../../../shared/schemas/reviews.ts";
import { Card } from "../../ui/card.tsx";
import { Legend, StackedBars } from "../../ui/stacked-bars.tsx";
import { FoldedTable } from "../../ui/table.tsx";
import { formatTimeline } from "../../ui/times.ts";
import { Examples } from "./examples.tsx";
import { ratioOf, wholePercent } from "./figures.ts";
import styles from "./review.module.css";
import { reviewStrings } from "./strings.ts";

type Part<Name extends keyof ShownReview> = NonNullable<ShownReview[Name]>;

export function QuestionsCard({ questions }: { questions: Part<"questions"> }) {
  const words = reviewStrings.questions;
  const { open, closed, unsure, openExamples, closedExamples } = questions;
  const all = open + closed;
  return (
    <Card title={words.heading}>
      {all === 0 ? (
        <p className={styles["quiet"]}>{words.none}</p>
      ) : (
        <>
          <p className={styles["figure"]}>{words.figure(open, closed)}</p>
          <p>
            {words.share(wholePercent(open / all))}
            {reviewStrings.sureness(unsure)}
          </p>
          <p className={styles["quiet"]}>{words.sure}</p>
          <div className={styles["parts"]}>
            <Examples title={words.open} examples={openExamples} />
            <Examples title={words.closed} examples={closedExamples} />
          </div>
        </>
      )}
    </Card>
  );
}

export function ReflectionsCard({
  reflections,
  questions,
}: {
  reflections: Part<"reflections">;
  questions: Part<"questions">;
}) {
  const words = reviewStrings.reflections;
  const ratio = ratioOf(reflections.count, questions.open + questions.closed);
  return (
    <Card title={words.heading}>
      <p className={styles["figure"]}>{words.figure(reflections.count)}</p>
      <p>
        {ratio !== null && words.ratio(ratio)}
        {reviewStrings.sureness(reflections.unsure)}
      </p>
      <p className={styles["quiet"]}>{words.note}</p>
      <p className={styles["quiet"]}>{words.sure}</p>
      <Examples examples={reflections.examples} />
    </Card>
  );
}

export function TalkCard({ talk, stepMs }: { talk: Part<"talk">; stepMs: number }) {
  const words = reviewStrings.talk;
  const { change, sustain, unsure, steps } = talk;
  const rows = steps.map((counts, step) => ({ step, ...counts }));
  return (
    <Card title={words.heading} className={styles["wide"]}>
      <p className={change + sustain === 0 ? styles["quiet"] : styles["figure"]}>
        {change + sustain === 0 ? words.none : words.figure(change, sustain)}
      </p>
      <p className={styles["quiet"]}>
        {words.note}
        {reviewStrings.sureness(unsure)}
      </p>
      <p className={styles["quiet"]}>{words.sure}</p>
      {change + sustain > 0 && (
        <>
          <StackedBars
            label={reviewStrings.chart(words.heading)}
            bars={rows.map((row) => [row.change, row.sustain])}
          />
          <Legend names={[words.change, words.sustain]} />
          <FoldedTable
            summary={reviewStrings.table}
            label={words.heading}
            columns={[
              {
                head: reviewStrings.step,
                cell: ({ step }) => reviewStrings.minutes(formatTimeline(step * stepMs)),
              },
              { head: words.change, look: "figure", cell: (row) => row.change.toLocaleString() },
              { head: words.sustain, look: "figure", cell: (row) => row.sustain.toLocaleString() },
            ]}
            rows={rows}
            keyOf={({ step }) => String(step)}
          />
          <div className={styles["parts"]}>
            <Examples title={words.change} examples={talk.changeExamples} />
            <Examples title={words.sustain} examples={talk.sustainExamples} />
          </div>
        </>
      )}
    </Card>
  );
}

export function GrowCard({ grow, stepMs }: { grow: Part<"grow">; stepMs: number }) {
  const words = reviewStrings.grow;
  const timesOf = (steps: readonly number[]) =>
    steps.flatMap((lines, step) => (lines === 0 ? [] : [formatTimeline(step * stepMs)]));
  return (
    <Card title={words.heading} className={styles["wide"]}>
      <p className={styles["figure"]}>{words.figure(grow.filter(({ lines }) => lines > 0).length)}</p>
      <p className={styles["quiet"]}>{words.note}</p>
      <div className={styles["stages"]}>
        {grow.map(({ stage, steps }) => (
          <StageStrip key={stage} name={words.stages[stage]} steps={steps} times={timesOf(steps)} />
        ))}
      </div>
      <FoldedTable
        summary={reviewStrings.table}
        label={words.heading}
        columns={[
          { head: words.stage, cell: ({ stage }) => words.stages[stage] },
          { head: words.first, cell: ({ steps }) => timesOf(steps)[0] ?? words.never },
          { head: words.count, look: "figure", cell: ({ lines }) => lines.toLocaleString() },
        ]}
        rows={grow}
        keyOf={({ stage }) => stage}
      />
      <div className={styles["parts"]}>
        {grow.map(({ stage, examples }) => (
          <Examples key={stage} title={words.stages[stage]} examples={examples} />
        ))}
      </div>
    </Card>
  );
}

/** The call from left to right; filled where the stage was touched. */
function StageStrip({
  name,
  steps,
  times,
}: {
  name: string;
  steps: readonly number[];
  times: readonly string[];
}) {
  const { grow } = reviewStrings;
  return (
    <>
      <span className={styles["name"]}>{name}</span>
      <svg
        className={styles["strip"]}
        viewBox={`0 0 ${Math.max(1, steps.length)} 1`}
        preserveAspectRatio="none"
        role="img"
        aria-label={grow.strip(name, grow.parts(times))}
      >
        {steps.map((lines, step) =>
          lines === 0 ? null : (
            <rect key={step} x={step} width={1} height={1} opacity={lines === 1 ? 0.55 : 1} />
          ),
        )}
      </svg>
    </>
  );
}
