// One plan: its frame, a picture of how far it is, its steps and its skills. Each change is saved at once.
import { Pencil, Trash2, TrendingDown, TrendingUp } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { planStatusSchema, type ChangePlan, type Plan } from "../../../shared/schemas/plans.ts";
import { call } from "../../api/http.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Select } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useToast } from "../../ui/toast.tsx";
import { useAction } from "../../ui/use-action.ts";
import { Milestones } from "./milestones.tsx";
import { PlanForm } from "./plan-form.tsx";
import styles from "./plan.module.css";
import { Skills } from "./skills.tsx";
import { planStrings as words } from "./strings.ts";

export interface PlanCardProps {
  plan: Plan;
  /** As the server has answered. */
  onChange: (plan: Plan) => void;
  onRemoved: () => void;
}

export function PlanCard({ plan, onChange, onRemoved }: PlanCardProps) {
  const toast = useToast();
  const { busy, run } = useAction();
  const [editing, setEditing] = useState(false);
  const [asking, setAsking] = useState(false);
  const params = { planId: plan.id };
  const change = (body: ChangePlan) =>
    run(async () => onChange(await call(endpoints.changePlan, { params, body })));

  async function remove() {
    if (!(await run(() => call(endpoints.deletePlan, { params })))) return;
    toast({ text: words.removed });
    onRemoved();
  }

  return (
    <Card
      title={plan.targetRole ?? words.unnamed}
      aside={<IconButton icon={Pencil} label={words.edit} onClick={() => setEditing((now) => !now)} />}
    >
      {plan.targetCompany !== null && <p className={styles["muted"]}>{words.at(plan.targetCompany)}</p>}
      {editing && (
        <PlanForm
          plan={plan}
          busy={busy}
          onCancel={() => setEditing(false)}
          onSave={(frame) => void change(frame).then((done) => done && setEditing(false))}
        />
      )}
      <Picture plan={plan} />
      <div className={styles["parts"]}>
        <Milestones plan={plan} onChange={onChange} />
        <Skills plan={plan} busy={busy} onChange={(skillsToDevelop) => change({ skillsToDevelop })} />
      </div>
      <div className={styles["row"]}>
        <Select
          label={words.statusLabel}
          labelHidden
          value={plan.status}
          busy={busy}
          onChange={(event) => void change({ status: planStatusSchema.parse(event.target.value) })}
        >
          {planStatusSchema.options.map((status) => (
            <option key={status} value={status}>
              {words.status[status]}
            </option>
          ))}
        </Select>
        <Button look="quiet" size="small" icon={Trash2} onClick={() => setAsking(true)}>
          {words.remove}
        </Button>
      </div>
      {asking && (
        <Notice
          tone="danger"
          live
          actions={
            <div className={styles["row"]}>
              <Button look="danger" size="small" busy={busy} onClick={() => void remove()}>
                {words.remove}
              </Button>
              <Button look="quiet" size="small" onClick={() => setAsking(false)}>
                {words.keep}
              </Button>
            </div>
          }
        >
          <p>{words.sure}</p>
        </Notice>
      )}
    </Card>
  );
}

/** The way done above, the time gone below it: what is behind is seen at once. */
function Picture({ plan }: { plan: Plan }) {
  const { overallProgress, timeGone, timeRemaining, onTrack, milestonesLate } = plan.progress;
  const say = words.progress;
  return (
    <div className={styles["picture"]}>
      <div className={styles["row"]}>
        <Badge tone={onTrack ? "success" : "warm"} icon={onTrack ? TrendingUp : TrendingDown}>
          {onTrack ? say.onTrack : say.behind}
        </Badge>
        <span className={styles["muted"]}>
          {[
            ...(milestonesLate > 0 ? [say.late(milestonesLate)] : []),
            timeRemaining > 0 ? say.left(timeRemaining) : say.over,
          ].join(" · ")}
        </span>
      </div>
      <div role="img" aria-label={`${say.label}: ${say.picture(overallProgress, timeGone)}`}>
        <div className={styles["bar"]}>
          <div className={styles["way"]} style={{ inlineSize: `${overallProgress}%` }} />
        </div>
        <div className={styles["bar"]}>
          <div className={styles["time"]} style={{ inlineSize: `${timeGone}%` }} />
        </div>
      </div>
      <div className={styles["legend"]} aria-hidden>
        <span className={styles["wayKey"]}>{say.done(overallProgress)}</span>
        <span className={styles["timeKey"]}>{say.gone(timeGone)}</span>
      </div>
    </div>
  );
}
