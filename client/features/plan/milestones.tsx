// The steps of a plan: ticked, added and taken out; those of a call lead back to it.
import { Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { limits } from "../../../shared/limits.ts";
import type { Milestone, Plan } from "../../../shared/schemas/plans.ts";
import { call } from "../../api/http.ts";
import { commitmentStrings } from "../../commitments/strings.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Checkbox, TextInput } from "../../ui/field.tsx";
import { formatDay, readerTimeZone } from "../../ui/times.ts";
import { useAction } from "../../ui/use-action.ts";
import { useNow } from "../../ui/use-now.ts";
import { useRowFocus } from "../../ui/use-row-focus.ts";
import { wallTimeAt } from "../../ui/wall-time.ts";
import styles from "./plan.module.css";
import { planStrings } from "./strings.ts";

const words = planStrings.milestones;

export function Milestones({ plan, onChange }: { plan: Plan; onChange: (plan: Plan) => void }) {
  const { busy, run } = useAction();
  const list = useRowFocus(plan.milestones.length);
  // The reader's day: in the evening in America it is tomorrow in UTC.
  const today = wallTimeAt(useNow(60_000), readerTimeZone()).date;
  const of = (milestone: Milestone) => ({ planId: plan.id, milestoneId: milestone.id });
  const tick = (milestone: Milestone, completed: boolean) =>
    run(async () =>
      onChange(await call(endpoints.changeMilestone, { params: of(milestone), body: { completed } })),
    );
  const remove = (milestone: Milestone) =>
    run(async () => onChange(await call(endpoints.deleteMilestone, { params: of(milestone) })));
  return (
    <section className={styles["part"]}>
      <h3 className={styles["partTitle"]}>{words.heading}</h3>
      {plan.milestones.length === 0 && <p className={styles["muted"]}>{words.empty}</p>}
      <ul className={styles["list"]} {...list}>
        {plan.milestones.map((milestone) => (
          <li key={milestone.id} className={styles["item"]}>
            <div className={styles["what"]}>
              <Checkbox
                checked={milestone.completed}
                busy={busy}
                onChange={(event) => void tick(milestone, event.target.checked)}
                label={
                  <span className={milestone.completed ? styles["done"] : undefined}>{milestone.title}</span>
                }
              />
              <p className={styles["under"]}>
                {whenOf(milestone, today)}
                {milestone.source !== null && (
                  <Link to={`/meetings/${milestone.source.meetingId}/recap`}>{words.from}</Link>
                )}
              </p>
            </div>
            <IconButton
              icon={X}
              label={words.remove(milestone.title)}
              busy={busy}
              onClick={() => void remove(milestone)}
            />
          </li>
        ))}
      </ul>
      <AddMilestone
        busy={busy}
        onAdd={(title, targetDate) =>
          run(async () =>
            onChange(
              await call(endpoints.addMilestone, {
                params: { planId: plan.id },
                body: { title, targetDate, description: "" },
              }),
            ),
          )
        }
      />
    </section>
  );
}

function whenOf({ completedDate, targetDate }: Milestone, today: string): string {
  if (completedDate !== null) return `${words.done(formatDay(new Date(completedDate)))} `;
  if (targetDate === null) return "";
  const day = commitmentStrings.day(targetDate);
  return `${targetDate < today ? words.lateBy(day) : words.by(day)} `;
}

function AddMilestone({
  busy,
  onAdd,
}: {
  busy: boolean;
  onAdd: (title: string, targetDate: string | null) => Promise<boolean>;
}) {
  const [title, setTitle] = useState("");
  const [day, setDay] = useState("");
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (title.trim() === "" || !(await onAdd(title.trim(), day === "" ? null : day))) return;
    setTitle("");
    setDay("");
  }
  return (
    <form className={styles["add"]} onSubmit={(event) => void submit(event)}>
      <TextInput
        label={words.title}
        maxLength={limits.planTextMaxChars}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      <TextInput
        label={words.date}
        type="date"
        optional
        value={day}
        onChange={(event) => setDay(event.target.value)}
      />
      <Button type="submit" size="small" icon={Plus} busy={busy}>
        {words.add}
      </Button>
    </form>
  );
}
