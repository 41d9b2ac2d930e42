// One's own templates: keeping the notes as one, and deleting those one has.
import { Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { OwnNotesTemplate } from "../../../shared/schemas/notes.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { randomKey } from "../../api/random-key.ts";
import { useRequest } from "../../api/use-request.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextInput } from "../../ui/field.tsx";
import { Failure, Notice } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { uiStrings } from "../../ui/strings.ts";
import { useToast } from "../../ui/toast.tsx";
import { notesStrings } from "./strings.ts";
import styles from "./templates.module.css";

const words = notesStrings.templates;

export interface TemplatesProps {
  meetingId: MeetingId;
  layer: "shared" | "mine";
}

export function TemplatesDialog({
  open,
  onClose,
  ...props
}: TemplatesProps & { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} title={words.title} onClose={onClose}>
      <Templates {...props} />
    </Dialog>
  );
}

function Templates({ meetingId, layer }: TemplatesProps) {
  const templates = useRequest(endpoints.listNotesTemplates, {});
  const { data } = templates;
  return (
    <>
      <KeepForm meetingId={meetingId} layer={layer} onKept={templates.retry} />
      <section className={styles["own"]} aria-labelledby="own-templates">
        <h3 id="own-templates" className={styles["heading"]}>
          {words.own}
          {data !== null && (
            <span className={styles["quiet"]}>{words.bounds(data.own.length, data.ownMost)}</span>
          )}
        </h3>
        {templates.status === "loading" && <Waiting label={words.loading} />}
        {templates.status === "error" && <Failure error={templates.error} onRetry={templates.retry} />}
        {data?.own.length === 0 && <p className={styles["quiet"]}>{words.none}</p>}
        <ul className={styles["items"]}>
          {data?.own.map((template) => (
            <OwnTemplate key={template.id} template={template} onRemoved={templates.retry} />
          ))}
        </ul>
      </section>
    </>
  );
}

function KeepForm({ meetingId, layer, onKept }: TemplatesProps & { onKept: () => void }) {
  const toast = useToast();
  const [title, setTitle] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // One key as long as the name stays: pressing again after a lost answer keeps no second one.
  const attempt = useRef({ title: "", key: "" });

  async function keep() {
    const name = title.trim();
    if (name === "") return setProblem(words.nameMissing);
    setBusy(true);
    setProblem(null);
    if (attempt.current.title !== name) attempt.current = { title: name, key: randomKey() };
    try {
      await call(
        endpoints.saveNotesTemplate,
        { params: { id: meetingId }, body: { title: name, layer } },
        { idempotencyKey: attempt.current.key },
      );
      attempt.current = { title: "", key: "" };
      setTitle("");
      toast({ text: words.saved(name) });
      onKept();
    } catch (error) {
      setProblem(toApiError(error).message);
    }
    setBusy(false);
  }

  return (
    <form
      className={styles["keep"]}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void keep();
      }}
    >
      <h3 className={styles["heading"]}>{words.keep}</h3>
      <TextInput
        label={words.name}
        value={title}
        maxLength={limits.nameMaxChars}
        error={problem}
        onChange={(event) => setTitle(event.target.value)}
      />
      <Button type="submit" look="primary" busy={busy}>
        {busy ? words.saving : words.save}
      </Button>
    </form>
  );
}

function OwnTemplate({ template, onRemoved }: { template: OwnNotesTemplate; onRemoved: () => void }) {
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { id, title, preview } = template;

  async function remove() {
    setFailure(null);
    try {
      await call(endpoints.deleteNotesTemplate, { params: { templateId: id } });
      toast({ text: words.removed(title) });
      onRemoved();
    } catch (error) {
      setFailure(toApiError(error).message);
    }
  }

  return (
    <li className={styles["item"]}>
      <div className={styles["line"]}>
        <strong>{title}</strong>
        <IconButton icon={Trash2} size="small" label={words.remove(title)} onClick={() => setAsking(true)} />
      </div>
      <p className={styles["preview"]}>{preview}</p>
      {failure !== null && <Failure message={failure} />}
      {asking && (
        <Notice
          tone="warm"
          live
          actions={
            <div className={styles["line"]}>
              <Button size="small" onClick={() => setAsking(false)}>
                {uiStrings.cancel}
              </Button>
              <Button size="small" look="danger" autoFocus onClick={() => void remove()}>
                {words.removeNow}
              </Button>
            </div>
          }
        >
          <p>{words.confirmRemove(title)}</p>
        </Notice>
      )}
    </li>
  );
}
