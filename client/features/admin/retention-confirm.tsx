// Before terms change: what changes, how many calls it concerns, and the phrase where something is shortened.
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import {
  isShorteningPhrase,
  shorteningPhrase,
  type ProposedTerms,
  type RetentionPolicy,
  type RetentionPreview,
} from "../../../shared/schemas/retention.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextInput } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { useToast } from "../../ui/toast.tsx";
import { decidedOf } from "./retention-draft.ts";
import { retentionStrings } from "./retention-strings.ts";
import styles from "./retention.module.css";

const words = retentionStrings.confirm;

export interface RetentionConfirmProps {
  policy: RetentionPolicy;
  changes: ProposedTerms;
  onClose: () => void;
  onSaved: (policy: RetentionPolicy) => void;
  /** Somebody else has changed them: they are to be read anew. */
  onStale: () => void;
}

export function RetentionConfirm({ open, ...props }: RetentionConfirmProps & { open: boolean }) {
  return open ? <Confirmation {...props} /> : null;
}

function Confirmation({ policy, changes, onClose, onSaved, onStale }: RetentionConfirmProps) {
  const preview = useRequest(endpoints.previewRetention, { body: { terms: changes } });
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const toast = useToast();
  const shortens = (preview.data?.shortened.length ?? 0) > 0;
  const ready = preview.data !== null && (!shortens || isShorteningPhrase(typed));

  async function save() {
    setBusy(true);
    setProblem(null);
    try {
      const body = { version: policy.version, terms: changes, ...(shortens && { confirmation: typed }) };
      onSaved(await call(endpoints.changeRetention, { body }));
    } catch (error) {
      const { code, message } = toApiError(error);
      if (code !== "CONFLICT") return setProblem(message);
      toast({ text: message, tone: "problem" });
      onStale();
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      title={words.title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button
            look={shortens ? "danger" : "primary"}
            busy={busy}
            disabled={!ready}
            onClick={() => void save()}
          >
            {words.save}
          </Button>
        </>
      }
    >
      <ul className={styles["changes"]}>
        {policy.kinds.map((kind) => {
          const days = changes[kind.kind];
          if (days === undefined) return null;
          return (
            <li key={kind.kind}>
              {words.change(
                retentionStrings.kinds[kind.kind],
                lengthIn(decidedOf(kind), kind.most),
                lengthIn(days, kind.most),
              )}
            </li>
          );
        })}
      </ul>
      {preview.status === "loading" && <Waiting label={words.loading} />}
      {preview.status === "error" && <Failure error={preview.error} onRetry={preview.retry} />}
      {preview.data !== null && <Counts preview={preview.data} />}
      {preview.data !== null && <p>{retentionStrings.grace(policy.graceHours)}</p>}
      {shortens && (
        <TextInput
          label={words.phrase(shorteningPhrase)}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      {problem !== null && <Failure message={problem} />}
    </Dialog>
  );
}

function Counts({ preview: { kinds, openCommitments, atLeast } }: { preview: RetentionPreview }) {
  const some = kinds.filter(({ calls }) => calls > 0);
  if (some.length === 0) return <p role="status">{words.nothing}</p>;
  return (
    <div role="status" className={styles["counts"]}>
      <p>{words.would}</p>
      <dl>
        {some.map(({ kind, calls }) => (
          <div key={kind}>
            <dt>{retentionStrings.kinds[kind]}</dt>
            <dd>{words.count(calls, atLeast)}</dd>
          </div>
        ))}
      </dl>
      {openCommitments > 0 && <p>{words.commitments(openCommitments)}</p>}
    </div>
  );
}

/** Where nothing is decided the installation's term counts. */
function lengthIn(days: number | null, most: number | null): string {
  const counts = days ?? most;
  return counts === null ? retentionStrings.forGood : retentionStrings.length(counts);
}
