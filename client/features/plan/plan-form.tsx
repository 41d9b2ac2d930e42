// The frame of a plan: the role, where, and for how long.
import { type FormEvent, useState } from "react";
import { limits } from "../../../shared/limits.ts";
import { Button } from "../../ui/button.tsx";
import { TextInput } from "../../ui/field.tsx";
import styles from "./plan.module.css";
import { planStrings } from "./strings.ts";

const words = planStrings.form;
const monthsFirst = 12;

export interface PlanFrame {
  targetRole: string | null;
  targetCompany: string | null;
  targetTimeline: number;
}

export interface PlanFormProps {
  plan?: PlanFrame;
  busy: boolean;
  onSave: (frame: PlanFrame) => void;
  onCancel: () => void;
}

export function PlanForm({ plan, busy, onSave, onCancel }: PlanFormProps) {
  const [role, setRole] = useState(plan?.targetRole ?? "");
  const [company, setCompany] = useState(plan?.targetCompany ?? "");
  const [months, setMonths] = useState(String(plan?.targetTimeline ?? monthsFirst));
  function submit(event: FormEvent) {
    event.preventDefault();
    onSave({
      targetRole: role.trim() === "" ? null : role.trim(),
      targetCompany: company.trim() === "" ? null : company.trim(),
      targetTimeline: Number(months),
    });
  }
  return (
    <form className={styles["form"]} onSubmit={submit}>
      <TextInput
        label={words.role}
        hint={words.roleHint}
        required
        autoFocus
        maxLength={limits.planNameMaxChars}
        value={role}
        onChange={(event) => setRole(event.target.value)}
      />
      <TextInput
        label={words.company}
        optional
        maxLength={limits.planNameMaxChars}
        value={company}
        onChange={(event) => setCompany(event.target.value)}
      />
      <TextInput
        label={words.months}
        type="number"
        required
        min={1}
        max={120}
        value={months}
        onChange={(event) => setMonths(event.target.value)}
      />
      <div className={styles["row"]}>
        <Button type="submit" look="primary" busy={busy}>
          {words.save}
        </Button>
        <Button look="quiet" onClick={onCancel}>
          {words.cancel}
        </Button>
      </div>
    </form>
  );
}
