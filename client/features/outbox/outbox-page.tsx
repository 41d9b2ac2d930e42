// Outbox: the emails addressed to the reader, with an honest word on where each of them is.
import { Mail } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { limits } from "../../../shared/limits.ts";
import type { MailSummary } from "../../../shared/schemas/mail.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useLive } from "../../api/live.ts";
import { useStatus } from "../../api/session.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { mergeMails } from "./mail-list.ts";
import { statusTones } from "./mail-status.ts";
import styles from "./outbox.module.css";
import { outboxStrings } from "./strings.ts";

/** The live list holds as many; a shorter one is all there is. */
const liveMails = 50;

export function OutboxPage() {
  const status = useStatus();
  const live = useLive("outbox", {});
  const older = useOlderMails();
  const mails = mergeMails(live.data ?? [], older.mails);
  return (
    <>
      <PageHeader
        title={outboxStrings.title}
        under={status.mail === "smtp" ? outboxStrings.underSmtp : outboxStrings.underKept}
      />
      {live.status === "loading" && <Waiting label={outboxStrings.loading} />}
      {live.status === "error" && <Failure error={live.error} onRetry={live.retry} />}
      {live.data !== null && (
        <Card>
          {mails.length === 0 ? (
            <EmptyState icon={Mail} title={outboxStrings.emptyTitle}>
              {outboxStrings.empty}
            </EmptyState>
          ) : (
            <ul className={styles["list"]}>
              {mails.map((mail) => (
                <Row key={mail.id} mail={mail} />
              ))}
            </ul>
          )}
          {older.problem !== null && <Failure message={older.problem} />}
          {older.more && live.data.length >= liveMails && (
            <Button busy={older.busy} onClick={() => void older.load()}>
              {outboxStrings.older}
            </Button>
          )}
        </Card>
      )}
    </>
  );
}

function Row({ mail }: { mail: MailSummary }) {
  return (
    <li className={styles["row"]}>
      <Link to={`/outbox/${mail.id}`} className={styles["link"]}>
        <span className={styles["subject"]}>{mail.subject}</span>
        <span className={styles["under"]}>
          {outboxStrings.kinds[mail.kind]} ·{" "}
          <time dateTime={mail.createdAt}>{formatShort(new Date(mail.createdAt))}</time>
        </span>
      </Link>
      <Badge tone={statusTones[mail.status]}>{outboxStrings.status[mail.status]}</Badge>
    </li>
  );
}

/** Older emails are read page by page when somebody asks; the first page repeats the live ones and is merged. */
function useOlderMails() {
  const [mails, setMails] = useState<MailSummary[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [more, setMore] = useState(true);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function load() {
    setBusy(true);
    setProblem(null);
    try {
      const page = await call(endpoints.listMail, {
        query: { limit: limits.pageMaxItems, ...(cursor === null ? {} : { cursor }) },
      });
      setMails((now) => [...now, ...page.items]);
      setCursor(page.nextCursor);
      setMore(page.nextCursor !== null);
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }
  return { mails, more, busy, problem, load };
}
