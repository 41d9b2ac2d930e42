// What was chosen and why, what was not, and what is covered; pins and bans change it.
import { useState } from "react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { RunView } from "../../../../shared/schemas/career/runs.ts";
import type { SelectedBullet, SelectionPlan } from "../../../../shared/schemas/career/selection.ts";
import { call } from "../../../api/http.ts";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { ChosenBullet } from "./chosen-bullet.tsx";
import { CoverageCard, PlanChange } from "./coverage-card.tsx";
import { DroppedCard } from "./dropped-card.tsx";
import { type Choice, choiceOf, isChanged, parentsOf, toggled } from "./plan-choice.ts";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";
import { isOpen } from "./use-run.ts";

export function PlanPanel({ run, again }: { run: RunView; again: () => void }) {
  const toast = useToast();
  const { busy, run: attempt } = useAction();
  const [choice, setChoice] = useState<Choice>(() => choiceOf(run));
  const { plan } = run;
  if (plan === null) return <p className={styles["muted"]}>{words.notYet}</p>;
  const change = isOpen(run)
    ? null
    : (list: keyof Choice, bulletId: string) => setChoice(toggled(choice, list, bulletId));

  const apply = () =>
    attempt(async () => {
      await call(endpoints.changeCareerRunSelection, { params: { runId: run.runId }, body: choice });
      toast({ text: words.applied });
      again();
    });
  return (
    <div className={styles["stack"]}>
      <PlanChange run={run} />
      <CoverageCard run={run} plan={plan} />
      <Chosen run={run} plan={plan} choice={choice} onChange={change} />
      <DroppedCard run={run} plan={plan} choice={choice} onChange={change} />
      {isChanged(choice, run) && (
        <div className={styles["bar"]}>
          <span role="status">{words.changed(choice.pins.length, choice.bans.length)}</span>
          <span className={styles["actions"]}>
            <Button onClick={() => setChoice(choiceOf(run))}>{words.discard}</Button>
            <Button look="primary" busy={busy} onClick={() => void apply()}>
              {words.apply}
            </Button>
          </span>
        </div>
      )}
    </div>
  );
}

function Chosen({
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
  const { budgetsUsed, config, solution, selectionNotes } = plan;
  const sections = (["workExperience", "projects", "awards"] as const).filter(
    (section) => plan.selected[section].length > 0,
  );
  return (
    <Card
      title={words.tabPlan}
      aside={
        <span className={styles["muted"]}>
          {words.used(budgetsUsed.words, config.budgets.targetResumeWordsMax)}
        </span>
      }
    >
      {selectionNotes.shortfalls.length > 0 && (
        <Notice tone="warm">
          {selectionNotes.shortfalls.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </Notice>
      )}
      {sections.length === 0 && <p>{words.noneChosen}</p>}
      {sections.map((section) => (
        <section key={section} className={styles["section"]} aria-label={words.sections[section]}>
          <h3 className={styles["group"]}>{words.sections[section]}</h3>
          {parentsOf(plan.selected[section]).map((bullets) => (
            <Parent key={bullets[0]?.parentId ?? ""} run={run} bullets={bullets} {...{ choice, onChange }} />
          ))}
        </section>
      ))}
      <p className={styles["muted"]}>{solution.optimal ? words.optimal : words.heuristic}</p>
    </Card>
  );
}

function Parent({
  run,
  bullets,
  choice,
  onChange,
}: {
  run: RunView;
  bullets: readonly SelectedBullet[];
  choice: Choice;
  onChange: ((list: keyof Choice, bulletId: string) => void) | null;
}) {
  const head = bullets[0];
  const known = run.bullets.find(({ bulletId }) => bulletId === head?.bulletId)?.parent ?? "";
  const named = [head?.role, head?.company].filter((part) => part !== undefined && part !== "").join(", ");
  const title = [named === "" ? known : named, head?.dateRange ?? ""].filter((part) => part !== "");
  return (
    <div>
      {title.length > 0 && <h4 className={styles["parent"]}>{title.join(" · ")}</h4>}
      <ul className={styles["list"]}>
        {bullets.map((bullet) => (
          <ChosenBullet key={bullet.bulletId} run={run} bullet={bullet} {...{ choice, onChange }} />
        ))}
      </ul>
    </div>
  );
}
