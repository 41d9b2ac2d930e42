// What is next, the dates and the notes of an application; saved together.
import { useState } from "react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import type { ApplicationView, ChangeApplication } from "../../../../shared/schemas/career/applications.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { TextArea, TextInput } from "../../../ui/field.tsx";
import { LeaveGuard } from "../../../ui/leave-guard.tsx";
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

type DateName = (typeof dateNames)[number];
/** As the fields hold it. */
type Texts = Record<DateName | "nextActionDue" | "nextAction" | "notes", string>;

function textsOf(application: ApplicationView): Texts {
  const dates = dateNames.map((name) => [name, toLocalInput(application[name])]);
  return {
    ...(Object.fromEntries(dates) as Record<DateName, string>),
    nextAction: application.nextAction ?? "",
    nextActionDue: toLocalInput(application.nextActionDue),
    notes: application.notes,
  };
}

/** Only what was typed: a date that nobody touched keeps its seconds. */
function changeOf(edits: Partial<Texts>, before: Texts): ChangeApplication {
  const changed = Object.entries(edits).filter(([name, text]) => text !== before[name as keyof Texts]);
  return Object.fromEntries(
    changed.map(([name, text]) => {
      if (name === "notes") return [name, text];
      return [name, name === "nextAction" ? text || null : fromLocalInput(text)];
    }),
  );
}

export function ApplicationForm({
  application,
  onChange,
}: {
  application: ApplicationView;
  onChange: (application: ApplicationView) => void;
}) {
  const toast = useToast();
  // What is typed stays while the application changes around it: its status, a line in its history.
  const [edits, setEdits] = useState<Partial<Texts>>({});
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const before = textsOf(application);
  const { nextAction, nextActionDue: due, notes, ...dates } = { ...before, ...edits };
  const set = (part: Partial<Texts>) => setEdits((now) => ({ ...now, ...part }));

  async function save() {
    setBusy(true);
    setProblem(null);
    try {
      const params = { applicationId: application.id };
      onChange(await call(endpoints.changeApplication, { params, body: changeOf(edits, before) }));
      // What was typed meanwhile stays.
      setEdits((now) => (now === edits ? {} : now));
      toast({ text: words.saved });
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Card title={words.next}>
      <LeaveGuard unsaved={Object.keys(changeOf(edits, before)).length > 0} />
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
          onChange={(event) => set({ nextAction: event.target.value })}
        />
        <TextInput
          type="datetime-local"
          label={words.nextActionDue}
          hint={words.nextHint}
          value={due}
          onChange={(event) => set({ nextActionDue: event.target.value })}
        />
        <TextArea
          label={words.notes}
          rows={4}
          value={notes}
          maxLength={careerBounds.summaryMaxChars}
          onChange={(event) => set({ notes: event.target.value })}
        />
        <details>
          <summary>{words.datesTitle}</summary>
          <div className={styles["dates"]}>
            {dateNames.map((name) => (
              <TextInput
                key={name}
                type="datetime-local"
                label={words.dates[name]}
                value={dates[name]}
                onChange={(event) => set({ [name]: event.target.value })}
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
