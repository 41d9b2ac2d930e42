// What was learned, in figures: how many outcomes, whether the new weights are better, and each factor's weight before and after.
import type { LearningReport } from "../../../shared/schemas/matching-rounds.ts";
import { Table } from "../../ui/table.tsx";
import styles from "./rounds.module.css";
import { factorNames, weightsStrings as words } from "./strings.ts";

export function LearningFigures({ report }: { report: LearningReport }) {
  const { training, heldOut, needed, figures, verdict } = report;
  return (
    <>
      <p>{words.sizes(training.outcomes, heldOut.outcomes)}</p>
      {verdict === "too-few" && (
        <p className={styles["quiet"]}>{words.needed(needed.training, needed.heldOut, needed.ofEach)}</p>
      )}
      {figures !== null && (
        <Table
          label={words.learning}
          rows={[
            { name: words.logLoss, ...figures.logLoss, change: figures.logLossChange },
            { name: words.auc, ...figures.auc, change: figures.aucChange },
          ]}
          keyOf={({ name }) => name}
          columns={[
            { head: words.figure, cell: ({ name }) => name },
            { head: words.old, look: "figure", cell: ({ old }) => old.toFixed(3) },
            { head: words.learned, look: "figure", cell: ({ learned }) => learned.toFixed(3) },
            {
              head: words.change,
              look: "figure",
              cell: ({ change }) =>
                words.interval(signed(change.value), signed(change.low), signed(change.high)),
            },
          ]}
        />
      )}
      <Table
        label={words.factor}
        rows={report.factors}
        keyOf={({ factor }) => factor}
        columns={[
          { head: words.factor, cell: ({ factor }) => factorNames[factor] },
          { head: words.now, look: "figure", cell: ({ old }) => old.toFixed(2) },
          {
            head: words.learned,
            look: "figure",
            cell: ({ learned, new: next }) =>
              learned ? next.toFixed(2) : <span className={styles["quiet"]}>{words.notLearned}</span>,
          },
          { head: words.known, look: "figure", cell: ({ known }) => known },
        ]}
      />
    </>
  );
}

function signed(value: number): string {
  return `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(3)}`;
}
