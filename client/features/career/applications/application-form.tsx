// What is next, the dates and the notes of an application; saved together.
import { useState } from "react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import type { ApplicationView } from "../../../../shared/schemas/career/applications.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { TextArea, TextInput } from "../../../ui/field.tsx";
import { Failure } from "../../../ui/notice.tsx";
import { useToast } from "../../../ui/toast.tsx";
import styles from "./applications.module.css";
import { fromLocalInput, toLocalInput } from "./local-time.ts";
import { applicationStrings } from "./strings.ts";

const words = applicationStrings.detail;
const dateNames = [
  "appliedAt",
  "responseReceivedAt",
  "interviewScheduledAt",
  "offerReceivedAt",
  "rejectedAt",
] as const;

export function ApplicationForm({
  application,
  onChange,
}: {
  application: ApplicationView;
  onChange: (application: ApplicationView) => void;
}) {
  const toast = useToast();
  const [nextAction, setNextAction] = useState(application.nextAction ?? "");
  const [due, setDue] = useState(toLocalInput(application.nextActionDue));
  const [notes, setNotes] = useState(application.notes);
  const [dates, setDates] = useState(() =>
    Object.fromEntries(dateNames.map((name) => [name, toLocalInput(application[name])])),
  );
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function save() {
    setBusy(true);
    setProblem(null);
    try {
      // A date that nobody touched keeps its seconds.
      const changed = Object.fromEntries(
        dateNames
          .filter((name) => dates[name] !== toLocalInput(application[name]))
          .map((name) => [name, fromLocalInput(dates[name] ?? "")]),
      );
      const body = {
        ...changed,
        notes,
        nextAction: nextAction === "" ? null : nextAction,
        nextActionDue: fromLocalInput(due),
      };
      onChange(await call(endpoints.changeApplication, { params: { applicationId: application.id }, body }));
      toast({ text: words.saved });
    } catch (error) {
      setProblem(toApiError(error).message);
      setBusy(false);
    }
  }
  return (
    <Card title={words.next}>
      <form
        className={styles["fields"]}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextInput
          label={words.nextAction}
          value={nextAction}
          maxLength={careerBounds.nextActionMaxChars}
          onChange={(event) => setNextAction(event.target.value)}
        />
        <TextInput
          type="datetime-local"
          label={words.nextActionDue}
          hint={words.nextHint}
          value={due}
          onChange={(event) => setDue(event.target.value)}
        />
        <TextArea
          label={words.notes}
          rows={4}
          value={notes}
          maxLength={careerBounds.summaryMaxChars}
          onChange={(event) => setNotes(event.target.value)}
        />
        <details>
          <summary>{words.datesTitle}</summary>
          <div className={styles["dates"]}>
            {dateNames.map((name) => (
              <TextInput
                key={name}
                type="datetime-local"
                label={words.dates[name]}
                value={dates[name] ?? ""}
                onChange={(event) => setDates({ ...dates, [name]: event.target.value })}
              />
            ))}
          </div>
        </details>
        {problem !== null && <Failure message={problem} />}
        <Button type="submit" look="primary" busy={busy}>
          {words.save}
        </Button>
      </form>
    </Card>
  );
}
