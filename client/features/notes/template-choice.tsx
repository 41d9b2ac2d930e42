// Offered while the notes are empty: templates to begin with.
import { useRef, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { builtInTemplateNames } from "../../../shared/notes-templates.ts";
import type { NotesTemplate } from "../../../shared/schemas/meetings.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { randomKey } from "../../api/random-key.ts";
import { useRequest } from "../../api/use-request.ts";
import { Button } from "../../ui/button.tsx";
import { Failure } from "../../ui/notice.tsx";
import { templateNames } from "../../ui/notes-templates.ts";
import { notesStrings } from "./strings.ts";
import type { TemplatesProps } from "./templates-dialog.tsx";
import styles from "./templates.module.css";

const words = notesStrings.templates;

export function TemplateChoice({ meetingId, layer }: TemplatesProps) {
  // One's own are a convenience: without them the others are offered all the same.
  const own = useRequest(endpoints.listNotesTemplates, {});
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const attempt = useRef<{ template: NotesTemplate | null; key: string }>({ template: null, key: "" });

  async function begin(template: NotesTemplate) {
    setBusy(true);
    setFailure(null);
    if (attempt.current.template !== template) attempt.current = { template, key: randomKey() };
    try {
      await call(endpoints.applyNotesTemplate, {
        params: { id: meetingId },
        body: { clientKey: attempt.current.key, layer, template },
      });
    } catch (error) {
      setFailure(toApiError(error).message);
    }
    setBusy(false);
  }

  const choices = [
    ...builtInTemplateNames
      .filter((name) => name !== "blank")
      .map((name) => ({ template: name as NotesTemplate, label: templateNames[name] })),
    ...(own.data?.own ?? []).map(({ id, title }) => ({ template: `own:${id}` as const, label: title })),
  ];
  return (
    <div className={styles["begin"]} role="group" aria-label={words.begin}>
      <p className={styles["quiet"]}>
        {words.begin}
        {words.beginHint}
      </p>
      <div className={styles["choices"]}>
        {choices.map(({ template, label }) => (
          <Button key={template} size="small" disabled={busy} onClick={() => void begin(template)}>
            {label}
          </Button>
        ))}
      </div>
      {failure !== null && <Failure message={failure} />}
    </div>
  );
}
