// Applications: the board, how far they came, and what was deleted.
import { ListChecks } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { ApplicationSummary } from "../../../../shared/schemas/career/applications.ts";
import type { ApplicationStatus } from "../../../../shared/schemas/career/enums.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { useRequest } from "../../../api/use-request.ts";
import { Button, ButtonLink } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { EmptyState, Failure } from "../../../ui/notice.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { Waiting } from "../../../ui/spinner.tsx";
import { Tabs } from "../../../ui/tabs.tsx";
import { useToast } from "../../../ui/toast.tsx";
import styles from "./applications.module.css";
import { Board } from "./board.tsx";
import { FunnelCard } from "./funnel-card.tsx";
import { applicationStrings as words, statusNames } from "./strings.ts";

export function ApplicationsPage() {
  const read = useRequest(endpoints.applicationBoard, {});
  const [view, setView] = useState<"board" | "funnel">("board");
  return (
    <>
      <PageHeader title={words.title} under={words.under} />
      {read.status === "loading" && <Waiting label={words.loading} />}
      {read.status === "error" && <Failure error={read.error} onRetry={read.retry} />}
      {read.data !== null &&
        (read.data.items.length === 0 ? (
          <Card>
            <EmptyState
              icon={ListChecks}
              title={words.emptyTitle}
              action={<ButtonLink to="/career/postings">{words.toPostings}</ButtonLink>}
            >
              {words.empty}
            </EmptyState>
          </Card>
        ) : (
          <Tabs
            label={words.views}
            selected={view}
            onSelect={setView}
            panelClassName={styles["panel"]}
            tabs={[
              { key: "board", label: words.board, content: <Movable items={read.data.items} /> },
              { key: "funnel", label: words.funnel, content: <FunnelCard /> },
            ]}
          />
        ))}
      <Deleted onRestored={read.retry} />
    </>
  );
}

/** Moved at once, and back where it is refused; said for those who do not see it. */
function Movable({ items }: { items: readonly ApplicationSummary[] }) {
  const toast = useToast();
  const [moved, setMoved] = useState<ReadonlyMap<string, ApplicationStatus>>(new Map());
  const [said, setSaid] = useState("");
  const put = (id: string, status: ApplicationStatus) => setMoved((known) => new Map(known).set(id, status));
  const current = items.map((item) => ({ ...item, status: moved.get(item.id) ?? item.status }));

  async function move(item: ApplicationSummary, status: ApplicationStatus) {
    if (status === item.status) return;
    put(item.id, status);
    setSaid(words.moved(item.posting.title, statusNames[status]));
    try {
      await call(endpoints.moveApplication, { params: { applicationId: item.id }, body: { status } });
    } catch (error) {
      put(item.id, item.status);
      toast({ text: toApiError(error).message, tone: "problem" });
    }
  }
  return (
    <>
      <p role="status" className="visually-hidden">
        {said}
      </p>
      <Board items={current} onMove={(item, status) => void move(item, status)} />
    </>
  );
}

function Deleted({ onRestored }: { onRestored: () => void }) {
  const toast = useToast();
  const read = useRequest(endpoints.applicationBoard, { query: { deleted: "true" } });
  if (read.data === null || read.data.items.length === 0) return null;

  async function restore({ id, posting }: ApplicationSummary) {
    try {
      await call(endpoints.restoreApplication, { params: { applicationId: id } });
      toast({ text: words.restored(posting.title) });
      onRestored();
      read.retry();
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    }
  }
  return (
    <details className={styles["deleted"]}>
      <summary>{words.deleted}</summary>
      <ul className={styles["list"]}>
        {read.data.items.map((item) => (
          <li key={item.id} className={styles["deletedRow"]}>
            <span>{item.posting.title}</span>
            <Button size="small" onClick={() => void restore(item)}>
              {words.restore}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
