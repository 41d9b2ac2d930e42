// What a plan left out, by why; each can be pinned, or banned, from here.
import type { RunView } from "../../../../shared/schemas/career/runs.ts";
import type { SelectionPlan } from "../../../../shared/schemas/career/selection.ts";
import { Card } from "../../../ui/card.tsx";
import { BulletSwitches } from "./chosen-bullet.tsx";
import type { Choice } from "./plan-choice.ts";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";

const reasons = ["banned", "droppedDueToRedundancy", "droppedDueToBudget", "droppedAsIrrelevant"] as const;

export function DroppedCard({
  run,
  plan,
  choice,
  onChange,
}: {
  run: RunView;
  plan: SelectionPlan;
  choice: Choice;
  onChange: ((list: keyof Choice, bulletId: string) => void) | null;
}) {
  const notes = plan.selectionNotes;
  const filled = reasons.filter((reason) => notes[reason].length > 0);
  if (filled.length === 0) return null;
  return (
    <Card title={words.dropped}>
      {filled.map((reason) => (
        <details key={reason} open={reason === "banned"}>
          <summary>
            {words.droppedWhy[reason]} ({notes[reason].length})
          </summary>
          <ul className={styles["list"]}>
            {notes[reason].map((bulletId) => {
              const bullet = run.bullets.find((one) => one.bulletId === bulletId);
              // It was taken out of the résumé since.
              if (bullet === undefined) return null;
              return (
                <li key={bulletId} className={styles["bullet"]}>
                  <span className={styles["rowText"]}>
                    <span>{bullet.text}</span>
                    <span className={styles["muted"]}>
                      {[bullet.parent, words.evidence[bullet.tier]].filter((part) => part !== "").join(" · ")}
                    </span>
                  </span>
                  <BulletSwitches bulletId={bulletId} text={bullet.text} {...{ choice, onChange }} />
                </li>
              );
            })}
          </ul>
        </details>
      ))}
    </Card>
  );
}
