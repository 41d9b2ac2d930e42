// Deciding a feature flag.
import { type FormEvent, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { type Flag, flagKeySchema } from "../../../shared/schemas/flags.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox, TextArea, TextInput } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { useToast } from "../../ui/toast.tsx";
import { changeOf, draftOf, type FlagDraft, type FlagProblems } from "./flag-draft.ts";
import { flagStrings as words } from "./flag-strings.ts";
import styles from "./flags.module.css";

export function FlagForm({ flag, onSaved }: { flag: Flag; onSaved: (flag: Flag) => void }) {
  const toast = useToast();
  const [draft, setDraft] = useState(() => draftOf(flag));
  const [problems, setProblems] = useState<FlagProblems>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const list = (name: Exclude<keyof FlagDraft, "on" | "percentage">) => ({
    label: words[name],
    hint: words.listHint,
    rows: 2,
    value: draft[name],
    error: name in problems ? words.problems.people : null,
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [name]: event.target.value }),
  });

  async function save(event: FormEvent) {
    event.preventDefault();
    const { change, problems: found } = changeOf(draft, flag.version);
    setProblems(found ?? {});
    setFailure(null);
    if (change === null) return;
    setBusy(true);
    try {
      const params = { key: flagKeySchema.parse(flag.key) };
      const changed = await call(endpoints.changeFlag, { params, body: change });
      toast({ text: words.saved });
      onSaved(changed);
    } catch (error) {
      setFailure(toApiError(error).message);
      setBusy(false);
    }
  }

  return (
    <form className={styles["form"]} noValidate onSubmit={(event) => void save(event)}>
      {failure !== null && <Failure message={failure} />}
      <Checkbox
        label={words.on}
        checked={draft.on}
        onChange={(event) => setDraft({ ...draft, on: event.target.checked })}
      />
      <TextInput
        label={words.percentage[flag.subject]}
        className={styles["percentage"]}
        type="number"
        inputMode="decimal"
        min={0}
        max={100}
        step="any"
        value={draft.percentage}
        error={problems.percentage === true ? words.problems.percentage : null}
        onChange={(event) => setDraft({ ...draft, percentage: event.target.value })}
      />
      <div className={styles["lists"]}>
        <TextArea {...list("onForPeople")} />
        <TextArea {...list("offForPeople")} />
        <TextArea {...list("onForOrganizations")} />
        <TextArea {...list("offForOrganizations")} />
      </div>
      <div>
        <Button look="primary" type="submit" busy={busy}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}
