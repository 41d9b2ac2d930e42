// The end of one's account: what goes, what stays and why, and a way back while it waits.
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { deletionPhrase, isDeletionPhrase } from "../../../shared/schemas/deletion.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextInput } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import styles from "./privacy.module.css";
import { privacyStrings } from "./strings.ts";

const words = privacyStrings.deletion;

export function DeleteAccount() {
  const deletion = useRequest(endpoints.deletionStatus, {});
  const [asking, setAsking] = useState(false);
  const status = deletion.data;
  return (
    <Card title={words.title}>
      {deletion.status === "loading" && <Waiting label={words.loading} />}
      {deletion.status === "error" && <Failure message={deletion.error.message} onRetry={deletion.retry} />}
      {status?.state === "none" && (
        <>
          <Explanation graceHours={status.graceHours} />
          <div>
            <Button look="danger" onClick={() => setAsking(true)}>
              {words.delete}
            </Button>
          </div>
        </>
      )}
      {status?.state === "waiting" && status.dueAt !== null && (
        <Cancellation dueAt={new Date(status.dueAt)} onCancelled={deletion.retry} />
      )}
      {status?.state === "running" && <p role="status">{words.running}</p>}
      <Confirmation open={asking} onClose={() => setAsking(false)} onRequested={deletion.retry} />
    </Card>
  );
}

function Explanation({ graceHours }: { graceHours: number }) {
  return (
    <>
      <p className={styles["why"]}>{words.why}</p>
      <dl className={styles["terms"]}>
        <dt>{words.goes}</dt>
        <dd>{words.goesWhat}</dd>
        <dt>{words.stays}</dt>
        <dd>{words.staysWhat}</dd>
        <dt>{words.when}</dt>
        <dd>{words.whenWhat(graceHours)}</dd>
      </dl>
    </>
  );
}

function Confirmation({
  open,
  onClose,
  onRequested,
}: {
  open: boolean;
  onClose: () => void;
  onRequested: () => void;
}) {
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function request() {
    setBusy(true);
    setProblem(null);
    try {
      await call(endpoints.requestDeletion, { body: { confirmation: typed } });
      onClose();
      onRequested();
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog
      open={open}
      title={words.confirmTitle}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{words.keep}</Button>
          <Button
            look="danger"
            busy={busy}
            disabled={!isDeletionPhrase(typed)}
            onClick={() => void request()}
          >
            {words.delete}
          </Button>
        </>
      }
    >
      <p>{words.confirmWhy}</p>
      <TextInput
        label={words.typePhrase(deletionPhrase)}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
      />
      {problem !== null && <Failure message={problem} />}
    </Dialog>
  );
}

function Cancellation({ dueAt, onCancelled }: { dueAt: Date; onCancelled: () => void }) {
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  async function cancel() {
    setBusy(true);
    try {
      await call(endpoints.cancelDeletion, {});
      toast({ text: words.cancelled });
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    } finally {
      setBusy(false);
      onCancelled();
    }
  }
  return (
    <>
      <p role="status">{words.waiting(formatShort(dueAt))}</p>
      <div>
        <Button busy={busy} onClick={() => void cancel()}>
          {words.cancel}
        </Button>
      </div>
    </>
  );
}
