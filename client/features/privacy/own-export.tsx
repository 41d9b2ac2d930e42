// Everything that is kept about one as a zip: asked for, prepared, downloaded for some days.
import { Download } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { OwnExport } from "../../../shared/schemas/exports.ts";
import { toApiError } from "../../api/errors.ts";
import { addressOf, call } from "../../api/http.ts";
import { Button, ButtonAnchor } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Failure } from "../../ui/notice.tsx";
import { Progress, Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { useNow } from "../../ui/use-now.ts";
import styles from "./privacy.module.css";
import { privacyStrings } from "./strings.ts";

const words = privacyStrings.export;
const askAgainMs = 1_500;

export function OwnExportCard() {
  const { status, problem, busy, read, request } = useOwnExport();
  const place = useRef<HTMLDivElement>(null);
  async function ask() {
    await request();
    place.current?.focus();
  }
  return (
    <Card title={words.title}>
      <p className={styles["why"]}>{words.why(status?.keptDays ?? null)}</p>
      {status === null && problem === null && <Waiting label={words.loading} />}
      {/* Takes the focus over from the button that goes. */}
      <div ref={place} tabIndex={-1} className={styles["state"]}>
        {status !== null && <State status={status} busy={busy} onRequest={() => void ask()} />}
      </div>
      {problem !== null && <Failure message={problem} onRetry={read} />}
    </Card>
  );
}

function State({ status, busy, onRequest }: { status: OwnExport; busy: boolean; onRequest: () => void }) {
  const now = useNow(60_000);
  const { progress, sizeBytes, expiresAt } = status;
  // The page may be open for longer than the file is there.
  const isOver = expiresAt !== null && new Date(expiresAt) <= now;
  const state = status.state === "ready" && isOver ? "expired" : status.state;
  const ask = (label: string, look: "primary" | "secondary") => (
    <div>
      <Button look={look} busy={busy} onClick={onRequest}>
        {label}
      </Button>
    </div>
  );
  if (state === "preparing" && progress !== null) {
    const share = progress.total === 0 ? null : progress.done / progress.total;
    return (
      <div className={styles["under-way"]} role="status">
        <p>{words.preparing(progress.done, progress.total)}</p>
        <Progress label={words.title} share={share} />
      </div>
    );
  }
  if (state === "ready" && expiresAt !== null && sizeBytes !== null) {
    return (
      <>
        <p role="status">{words.ready(sizeOf(sizeBytes), formatShort(new Date(expiresAt)))}</p>
        <div className={styles["actions"]}>
          <ButtonAnchor
            look="primary"
            icon={Download}
            href={addressOf(endpoints.downloadExport, {})}
            download
          >
            {words.download}
          </ButtonAnchor>
          <Button busy={busy} onClick={onRequest}>
            {words.again}
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      {state === "failed" && <p role="alert">{words.failed}</p>}
      {state === "expired" && expiresAt !== null && (
        <p role="status">{words.expired(formatShort(new Date(expiresAt)))}</p>
      )}
      {ask(state === "none" ? words.ask : words.again, "secondary")}
    </>
  );
}

function useOwnExport() {
  const [status, setStatus] = useState<OwnExport | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const read = useCallback(() => {
    setProblem(null);
    setAttempt((count) => count + 1);
  }, []);

  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    call(endpoints.exportStatus, {}, { signal: abort.signal })
      .then((found) => {
        setStatus(found);
        setProblem(null);
        if (found.state === "preparing") timer = setTimeout(read, askAgainMs);
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted) setProblem(toApiError(error).message);
      });
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [attempt, read]);

  async function request() {
    setBusy(true);
    setProblem(null);
    try {
      setStatus(await call(endpoints.requestExport, {}));
      read();
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }
  return { status, problem, busy, read, request };
}

function sizeOf(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1_000))} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
