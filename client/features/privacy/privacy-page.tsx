// One's privacy: defaults for every call, and the ledger of all that one has decided.
import { ShieldCheck } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { Link } from "react-router";
import { consentPurposes } from "../../../shared/consent-wording.ts";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { ConsentEntry, ConsentStanding, DecideConsent } from "../../../shared/schemas/consents.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { ConsentChoices } from "../../consent/consent-choices.tsx";
import { consentStrings } from "../../consent/strings.ts";
import { EmailChoices, EmailLanguageChoice } from "../../emails/email-choices.tsx";
import { emailStrings } from "../../emails/strings.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { DeleteAccount } from "./delete-account.tsx";
import { OwnExportCard } from "./own-export.tsx";
import { RetentionCard } from "./retention-card.tsx";
import styles from "./privacy.module.css";
import { privacyStrings } from "./strings.ts";

export function PrivacyPage() {
  const [decisions, setDecisions] = useState(0);
  return (
    <>
      <PageHeader title={privacyStrings.title} under={privacyStrings.under} />
      <div className={styles["cards"]}>
        <Defaults onDecided={() => setDecisions((count) => count + 1)} />
        {/* Read again from its beginning after each decision. */}
        <Ledger key={decisions} />
        <Card title={emailStrings.title}>
          <p className={styles["why"]}>{emailStrings.why}</p>
          <EmailChoices />
          <EmailLanguageChoice />
        </Card>
        <RetentionCard />
        <OwnExportCard />
        <DeleteAccount />
      </div>
    </>
  );
}

function Defaults({ onDecided }: { onDecided: () => void }) {
  const [standings, setStandings] = useState<readonly ConsentStanding[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    call(endpoints.consentDefaults, {}, { signal: abort.signal })
      .then(({ defaults }) => setStandings(defaults))
      .catch((thrown: unknown) => {
        if (!abort.signal.aborted) setProblem(toApiError(thrown).message);
      });
    return () => abort.abort();
  }, [attempt]);

  async function decide(decision: DecideConsent) {
    const { defaults } = await call(endpoints.decideConsentDefault, { body: decision });
    setStandings(defaults);
    onDecided();
  }
  return (
    <Card title={privacyStrings.defaults}>
      <p className={styles["why"]}>{privacyStrings.defaultsWhy}</p>
      {standings === null && problem === null && <Waiting label={consentStrings.loading} />}
      {problem !== null && (
        <Failure
          message={problem}
          onRetry={() => {
            setProblem(null);
            setAttempt((count) => count + 1);
          }}
        />
      )}
      {standings !== null && (
        <ConsentChoices standings={standings} purposes={consentPurposes} onDecide={decide} />
      )}
    </Card>
  );
}

function Ledger() {
  const { entries, more, busy, problem, load } = useLedger();
  return (
    <Card title={privacyStrings.ledger}>
      <p className={styles["why"]}>{privacyStrings.ledgerWhy}</p>
      {entries === null && problem === null && <Waiting label={privacyStrings.loading} />}
      {entries?.length === 0 && (
        <EmptyState icon={ShieldCheck} title={privacyStrings.empty}>
          {privacyStrings.emptyWhy}
        </EmptyState>
      )}
      {entries !== null && entries.length > 0 && (
        <ol className={styles["entries"]}>
          {entries.map((entry) => (
            <Row key={`${entry.meetingId ?? ""}/${entry.number}`} entry={entry} />
          ))}
        </ol>
      )}
      {problem !== null && <Failure message={problem} onRetry={() => void load()} />}
      {more && entries !== null && (
        <Button busy={busy} onClick={() => void load()}>
          {privacyStrings.older}
        </Button>
      )}
    </Card>
  );
}

function Row({ entry }: { entry: ConsentEntry }) {
  return (
    <li className={styles["entry"]}>
      <div className={styles["head"]}>
        <Badge tone={entry.answer === "given" ? "success" : "warm"}>{privacyStrings[entry.answer]}</Badge>
        <time dateTime={entry.at}>{formatShort(new Date(entry.at))}</time>
        <span aria-hidden>·</span>
        {entry.meetingId === null ? (
          <span>{privacyStrings.everyCall}</span>
        ) : (
          <Link to={`/meetings/${entry.meetingId}`}>{privacyStrings.oneCall}</Link>
        )}
      </div>
      <p>{entry.shown}</p>
    </li>
  );
}

function useLedger() {
  const [entries, setEntries] = useState<ConsentEntry[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const read = useCallback(async (from: string | null, signal?: AbortSignal) => {
    setBusy(true);
    setProblem(null);
    try {
      const page = await call(
        endpoints.consentLedger,
        { query: { limit: 20, ...(from === null ? {} : { cursor: from }) } },
        { signal },
      );
      setEntries((now) => (from === null ? page.items : [...(now ?? []), ...page.items]));
      setCursor(page.nextCursor);
    } catch (error) {
      if (signal?.aborted !== true) setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }, []);

  useEffect(() => {
    const abort = new AbortController();
    // The first page, as the page opens.
    void Promise.resolve().then(() => read(null, abort.signal));
    return () => abort.abort();
  }, [read]);

  return { entries, more: cursor !== null, busy, problem, load: () => read(cursor) };
}
