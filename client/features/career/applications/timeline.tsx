// Everything that happened to an application, last first, and a line to add to it.
import { useState } from "react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import type { ApplicationView, TimelineEntry } from "../../../../shared/schemas/career/applications.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { TextArea } from "../../../ui/field.tsx";
import { formatShort } from "../../../ui/times.ts";
import styles from "./applications.module.css";
import { applicationStrings, statusNames } from "./strings.ts";

const words = applicationStrings.detail;

export function Timeline({
  application,
  onChange,
}: {
  application: ApplicationView;
  onChange: (application: ApplicationView) => void;
}) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function add() {
    if (text.trim() === "") return setProblem(words.noteMissing);
    setBusy(true);
    setProblem(null);
    try {
      const params = { applicationId: application.id };
      onChange(await call(endpoints.addApplicationNote, { params, body: { text } }));
      setText("");
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Card title={words.timeline}>
      <form
        className={styles["fields"]}
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <TextArea
          label={words.addNote}
          rows={2}
          error={problem}
          value={text}
          maxLength={careerBounds.summaryMaxChars}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" size="small" busy={busy}>
          {words.add}
        </Button>
      </form>
      <ol className={styles["timeline"]}>
        {[...application.timeline].reverse().map((entry, index) => (
          <li key={`${entry.at} ${index}`}>
            <time dateTime={entry.at} className={styles["quiet"]}>
              {formatShort(new Date(entry.at))}
            </time>
            <span>{headOf(entry)}</span>
            {entry.text !== null && <p className={styles["entryText"]}>{entry.text}</p>}
          </li>
        ))}
      </ol>
    </Card>
  );
}

function headOf({ kind, from, to }: TimelineEntry): string {
  if (kind !== "status") return words.entries[kind];
  const name = (status: TimelineEntry["to"]) => (status === null ? "" : statusNames[status]);
  return words.entries.status(name(from), name(to));
}
