// How much may go on the page, and how well it must fit: the budgets and thresholds of a run to be.
import { evidenceTiers, type EvidenceTier } from "../../../../shared/schemas/career/enums.ts";
import { Select, TextInput } from "../../../ui/field.tsx";
import type { BudgetFields } from "./run-budgets.ts";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";

const counts = ["words", "experience", "projects", "awards"] as const;

export function BudgetsForm({
  fields,
  onChange,
}: {
  fields: BudgetFields;
  onChange: (fields: BudgetFields) => void;
}) {
  const set = (change: Partial<BudgetFields>) => onChange({ ...fields, ...change });
  return (
    <div className={styles["budgets"]}>
      {counts.map((name) => (
        <Count
          key={name}
          label={words[name]}
          value={fields[name]}
          onChange={(value) => set({ [name]: value })}
        />
      ))}
      <fieldset className={styles["fieldset"]}>
        <legend>{words.caps}</legend>
        <div className={styles["trio"]}>
          {words.capLabels.map((label, place) => (
            <Count
              key={label}
              label={label}
              value={fields.caps[place] ?? ""}
              onChange={(value) => {
                const [newest, next, older] = fields.caps.map((one, at) => (at === place ? value : one));
                set({ caps: [newest ?? "", next ?? "", older ?? ""] });
              }}
            />
          ))}
        </div>
      </fieldset>
      <Count
        label={words.perRequirement}
        value={fields.perRequirement}
        min={1}
        max={20}
        onChange={(perRequirement) => set({ perRequirement })}
      />
      <TextInput
        label={words.cover}
        hint={words.coverHint}
        type="number"
        min={0}
        max={1}
        step={0.05}
        required
        value={fields.cover}
        onChange={(event) => set({ cover: event.target.value })}
      />
      <Select
        label={words.tier}
        value={fields.tier}
        onChange={(event) => set({ tier: event.target.value as EvidenceTier })}
      >
        {evidenceTiers.map((tier) => (
          <option key={tier} value={tier}>
            {words.tiers[tier]}
          </option>
        ))}
      </Select>
    </div>
  );
}

function Count({
  label,
  value,
  onChange,
  min = 0,
  max = 99_999,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  min?: number;
  max?: number;
}) {
  return (
    <TextInput
      label={label}
      type="number"
      inputMode="numeric"
      min={min}
      max={max}
      step={1}
      required
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
