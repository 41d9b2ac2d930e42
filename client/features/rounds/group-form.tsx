// A group for pairing, made or changed: who takes part, when, and how a round comes about.
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { PairingGroup, PairingSchedule } from "../../../shared/schemas/matching-rounds.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox, Select, TextInput } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { timeZoneChoices } from "../../ui/time-zones.ts";
import { readerTimeZone } from "../../ui/times.ts";
import { blankDraft, draftOf, inputOf, minuteOf, timeOf, withKind, type GroupDraft } from "./group-draft.ts";
import { PeopleChoice } from "./people-choice.tsx";
import styles from "./rounds.module.css";
import { roundsStrings } from "./strings.ts";

const words = roundsStrings.form;
const repeats = [0, 1, 2, 3, 4, 6, 8, 12];
const withins = [0, 1, 2, 3, 5, 7, 10, 14];
const lengths = [15, 30, 45, 60, 90];
const hoursBefore = [1, 4, 12, 24, 48, 72, 168];

export function GroupForm({
  group,
  onSaved,
  onCancel,
}: {
  /** Null makes a new one. */
  group: PairingGroup | null;
  onSaved: (group: PairingGroup) => void;
  onCancel: () => void;
}) {
  const [draft, setDraft] = useState<GroupDraft>(() =>
    group === null ? blankDraft(new Date(), readerTimeZone()) : draftOf(group),
  );
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const change = (part: Partial<GroupDraft>) => setDraft((before) => ({ ...before, ...part }));
  const plan = (part: Partial<PairingSchedule>) =>
    setDraft((before) => ({ ...before, schedule: { ...before.schedule, ...part } }));

  async function save() {
    setBusy(true);
    setProblem(null);
    try {
      const body = inputOf(draft);
      const saved =
        group === null
          ? await call(endpoints.createPairingGroup, { body })
          : await call(endpoints.changePairingGroup, {
              params: { groupId: group.id },
              body: { ...body, version: group.version, active: group.active },
            });
      onSaved(saved);
    } catch (error) {
      setProblem(toApiError(error).message);
      setBusy(false);
    }
  }

  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput
        className={styles["wide"]}
        label={words.name}
        hint={words.nameHint}
        required
        maxLength={100}
        value={draft.name}
        onChange={({ target }) => change({ name: target.value })}
      />
      {group === null && (
        <fieldset className={styles["fieldset"]}>
          <legend>{words.kind}</legend>
          {(["peer", "coaching"] as const).map((kind) => (
            <Checkbox
              key={kind}
              kind="radio"
              name="kind"
              label={kind === "peer" ? words.kindPeer : words.kindCoaching}
              checked={draft.kind === kind}
              onChange={() => setDraft((before) => withKind(before, kind))}
            />
          ))}
        </fieldset>
      )}
      <PeopleChoice draft={draft} onChange={change} />
      <TextInput
        label={words.firstDay}
        type="date"
        required
        value={draft.schedule.firstDay}
        onChange={({ target }) => plan({ firstDay: target.value })}
      />
      <TextInput
        label={words.hour}
        type="time"
        step={900}
        required
        value={timeOf(draft.schedule.atMinute)}
        onChange={({ target }) => {
          const atMinute = minuteOf(target.value);
          if (atMinute !== null) plan({ atMinute });
        }}
      />
      <Select
        label={words.zone}
        value={draft.schedule.timeZone}
        onChange={({ target }) => plan({ timeZone: target.value })}
      >
        {timeZoneChoices(draft.schedule.timeZone).map((zone) => (
          <option key={zone}>{zone}</option>
        ))}
      </Select>
      <NumberSelect
        label={words.repeat}
        choices={repeats}
        value={draft.schedule.everyWeeks}
        text={words.repeats}
        onChange={(everyWeeks) => plan({ everyWeeks })}
      />
      <NumberSelect
        label={words.within}
        choices={withins}
        value={draft.schedule.withinDays}
        text={words.withins}
        onChange={(withinDays) => plan({ withinDays })}
      />
      <NumberSelect
        label={words.minutes}
        choices={lengths}
        value={draft.schedule.durationMinutes}
        text={words.minutesOf}
        onChange={(durationMinutes) => plan({ durationMinutes })}
      />
      <NumberSelect
        label={words.publish}
        choices={hoursBefore}
        value={draft.schedule.publishHours}
        text={words.before}
        onChange={(publishHours) => plan({ publishHours })}
      />
      <NumberSelect
        label={words.remind}
        hint={words.remindHint}
        choices={hoursBefore}
        value={draft.schedule.remindHours}
        text={words.before}
        onChange={(remindHours) => plan({ remindHours })}
      />
      <Checkbox
        className={styles["wide"]}
        label={words.automatic}
        hint={words.automaticHint}
        checked={draft.schedule.automatic}
        onChange={({ target }) => plan({ automatic: target.checked })}
      />
      <div className={styles["wide"]}>
        {problem !== null && <Failure message={problem} />}
        <div className={styles["buttons"]}>
          <Button look="primary" type="submit" busy={busy}>
            {group === null ? words.create : words.save}
          </Button>
          <Button onClick={onCancel}>{words.cancel}</Button>
        </div>
      </div>
    </form>
  );
}

function NumberSelect({
  label,
  hint,
  choices,
  value,
  text,
  onChange,
}: {
  label: string;
  hint?: string;
  choices: readonly number[];
  value: number;
  text: (value: number) => string;
  onChange: (value: number) => void;
}) {
  const all = [...new Set([...choices, value])].sort((a, b) => a - b);
  return (
    <Select
      label={label}
      {...(hint === undefined ? {} : { hint })}
      value={value}
      onChange={({ target }) => onChange(Number(target.value))}
    >
      {all.map((each) => (
        <option key={each} value={each}>
          {text(each)}
        </option>
      ))}
    </Select>
  );
}
