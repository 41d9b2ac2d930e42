// Where the person is signed in, with a way to end each of it.
import { MonitorSmartphone } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { SignInSession } from "../../../shared/schemas/organizations.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Named, Row, Rows, Under } from "../../ui/rows.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import { browserName } from "./browser-name.ts";
import { accountStrings as words } from "./strings.ts";

export function SessionsPage() {
  const sessions = useRequest(endpoints.listSessions, {});
  const others = sessions.data?.items.some(({ current }) => !current) === true;
  return (
    <>
      <PageHeader
        title={words.title}
        under={words.under}
        {...(others ? { actions: <EndOthers onEnded={sessions.retry} /> } : {})}
      />
      {sessions.status === "loading" && <Waiting label={words.loading} />}
      {sessions.status === "error" && <Failure message={sessions.error.message} onRetry={sessions.retry} />}
      {sessions.data !== null && (
        <Card>
          {sessions.data.items.length === 0 ? (
            <EmptyState icon={MonitorSmartphone} title={words.none}>
              {words.noneText}
            </EmptyState>
          ) : (
            <Rows>
              {sessions.data.items.map((session) => (
                <SessionRow key={session.id} session={session} onEnded={sessions.retry} />
              ))}
            </Rows>
          )}
        </Card>
      )}
    </>
  );
}

function EndOthers({ onEnded }: { onEnded: () => void }) {
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  async function end() {
    setBusy(true);
    try {
      const { ended } = await call(endpoints.endOtherSessions, {});
      toast({ text: words.endedOthers(ended) });
      onEnded();
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    } finally {
      setBusy(false);
    }
  }
  return (
    <Button busy={busy} onClick={() => void end()}>
      {words.endOthers}
    </Button>
  );
}

function SessionRow({ session, onEnded }: { session: SignInSession; onEnded: () => void }) {
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const named = browserName(session.userAgent);
  const title = named === null ? words.unknownBrowser : words.browserOn(named.browser, named.system);

  async function end() {
    setBusy(true);
    try {
      await call(endpoints.endSession, { params: { sessionId: session.id } });
      toast({ text: words.ended });
      onEnded();
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
      setBusy(false);
    }
  }

  return (
    <Row
      act={
        session.current ? (
          <Badge tone="accent">{words.here}</Badge>
        ) : (
          <Button size="small" busy={busy} aria-label={words.endLabel(title)} onClick={() => void end()}>
            {words.end}
          </Button>
        )
      }
    >
      <Named name={title}>
        <Under>
          {[
            session.organizationName,
            session.ipAddress,
            words.since(formatShort(new Date(session.createdAt))),
          ]
            .filter((part) => part !== null)
            .join(" · ")}
        </Under>
        {session.impersonator !== null && <Under>{words.as(session.impersonator)}</Under>}
      </Named>
    </Row>
  );
}
