// Which key encrypts, what is still under another one, and the change from one to the next.
import { KeyRound } from "lucide-react";
import { useEffect, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { EncryptionStatus, Rotation } from "../../../shared/schemas/encryption.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { encryptionStrings as words } from "./encryption-strings.ts";
import styles from "./encryption.module.css";

const askAgainMs = 2_000;
const tones = { primary: "success", needed: "warm", removable: "neutral", unused: "neutral" } as const;

export function EncryptionPage() {
  const read = useRequest(endpoints.encryptionStatus, {});
  return (
    <>
      <PageHeader title={words.title} under={words.under} />
      {read.status === "loading" && <Waiting label={words.loading} />}
      {read.error !== null && <Failure error={read.error} onRetry={read.retry} />}
      {read.data !== null && <Encryption read={read.data} />}
    </>
  );
}

function Encryption({ read }: { read: EncryptionStatus }) {
  const [status, setStatus] = useState(read);
  const running = status.rotation?.state === "running";
  useEffect(() => {
    if (!running) return;
    const timer = setTimeout(() => {
      // Whoever looks next asks again; a failure in between shows nothing new.
      call(endpoints.encryptionStatus, {})
        .then(setStatus)
        .catch(() => setStatus((same) => ({ ...same })));
    }, askAgainMs);
    return () => clearTimeout(timer);
  }, [running, status]);

  if (status.primary === null)
    return (
      <EmptyState icon={KeyRound} title={words.none}>
        {words.noneText}
      </EmptyState>
    );
  return (
    <>
      <Keys status={status} />
      <Change status={status} onChange={setStatus} />
    </>
  );
}

function Keys({ status }: { status: EncryptionStatus }) {
  const { keys, source, plainDocuments, unreadableDocuments, countedAt } = status;
  return (
    <Card title={words.keys}>
      <p className={styles["facts"]}>{words.source[source]}</p>
      <ul className={styles["list"]}>
        {keys.map(({ id, state, documents, firstUsedAt }) => (
          <li key={id}>
            <span className={styles["key"]}>{id}</span>
            <span className={styles["facts"]}>
              {words.counted(documents)}
              {firstUsedAt !== null && `, ${words.since(formatShort(new Date(firstUsedAt)))}`}
            </span>
            <Badge tone={tones[state]}>{words.states[state]}</Badge>
          </li>
        ))}
        {plainDocuments !== null && plainDocuments > 0 && (
          <li>
            <span>{words.plain}</span>
            <span className={styles["facts"]}>{words.counted(plainDocuments)}</span>
          </li>
        )}
      </ul>
      {unreadableDocuments !== null && unreadableDocuments > 0 && (
        <Failure message={words.unreadable(unreadableDocuments)} />
      )}
      {countedAt !== null && (
        <p className={styles["facts"]}>{words.countedAt(formatShort(new Date(countedAt)))}</p>
      )}
    </Card>
  );
}

function Change({
  status: { rotation },
  onChange,
}: {
  status: EncryptionStatus;
  onChange: (status: EncryptionStatus) => void;
}) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function start() {
    setBusy(true);
    setProblem(null);
    try {
      onChange(await call(endpoints.rotateKeys, {}));
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Card title={words.change}>
      {problem !== null && <Failure message={problem} />}
      <div aria-live="polite">
        <Progress rotation={rotation} />
      </div>
      <div>
        <Button busy={busy} onClick={() => void start()}>
          {rotation?.state === "running" ? words.carryOn : words.start}
        </Button>
      </div>
    </Card>
  );
}

function Progress({ rotation }: { rotation: Rotation | null }) {
  if (rotation === null) return <p className={styles["facts"]}>{words.never}</p>;
  const { target, state, seen, total, changed, finishedAt } = rotation;
  if (state === "finished")
    return (
      <p className={styles["facts"]}>
        {words.finished(target, formatShort(new Date(finishedAt ?? rotation.updatedAt)), changed)}
      </p>
    );
  const most = Math.max(total, seen, 1);
  return (
    <>
      <p>{words.running(target, Math.floor((seen / most) * 100))}</p>
      <progress className={styles["progress"]} value={seen} max={most} aria-label={words.progress} />
      <p className={styles["facts"]}>{words.changed(changed)}</p>
    </>
  );
}
