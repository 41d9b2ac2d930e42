// How much of what is asked for the choice covers, why the rest is not, and what changed since the plan before.
import type { RunView } from "../../../../shared/schemas/career/runs.ts";
import type { SelectionPlan } from "../../../../shared/schemas/career/selection.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Card } from "../../../ui/card.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { requirementName } from "./run-names.ts";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";

export function CoverageCard({ run, plan }: { run: RunView; plan: SelectionPlan }) {
  const { mustCovered, mustTotal, niceCovered, niceTotal, uncoveredRequirements } = plan.coverage;
  return (
    <Card title={words.coverage}>
      <p className={styles["badges"]}>
        <Badge tone={mustCovered === mustTotal ? "success" : "warm"}>
          {words.covered(mustCovered, mustTotal)}
        </Badge>
        <Badge>{words.coveredNice(niceCovered, niceTotal)}</Badge>
      </p>
      {mustTotal + niceTotal === 0 ? (
        <p>{words.nothingAsked}</p>
      ) : uncoveredRequirements.length === 0 ? (
        <p>{words.allCovered}</p>
      ) : (
        <>
          <h3 className={styles["group"]}>{words.uncovered}</h3>
          <ul className={styles["list"]}>
            {uncoveredRequirements.map(({ reqId, type, reason }) => (
              <li key={reqId} className={styles["row"]}>
                <span className={styles["rowText"]}>
                  <span>{requirementName(reqId, run)}</span>
                  <span className={styles["muted"]}>{reason}</span>
                </span>
                <Badge tone={type === "must" ? "warm" : "neutral"}>{words[type]}</Badge>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

/** Nothing for the first plan. */
export function PlanChange({ run }: { run: RunView }) {
  if (run.planChange === null) return null;
  const { added, dropped, newlyCovered, noLongerCovered } = run.planChange;
  const names = (ids: readonly string[]) => ids.map((id) => requirementName(id, run)).join("; ");
  const texts = (ids: readonly string[]) =>
    ids.flatMap((id) => run.bullets.find(({ bulletId }) => bulletId === id)?.text ?? []);
  const isSame = added.length + dropped.length + newlyCovered.length + noLongerCovered.length === 0;
  return (
    <Notice tone="accent" title={words.since} live>
      {isSame && <p>{words.sinceSame}</p>}
      {added.length > 0 && <Listed title={words.sinceAdded(added.length)} texts={texts(added)} />}
      {dropped.length > 0 && <Listed title={words.sinceDropped(dropped.length)} texts={texts(dropped)} />}
      {newlyCovered.length > 0 && <p>{words.sinceCovered(names(newlyCovered))}</p>}
      {noLongerCovered.length > 0 && <p>{words.sinceUncovered(names(noLongerCovered))}</p>}
    </Notice>
  );
}

function Listed({ title, texts }: { title: string; texts: readonly string[] }) {
  return (
    <div>
      <p>{title}</p>
      <ul className={styles["because"]}>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  );
}
