// The emails of a draft, one a person, as approving would send them.
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { meetingIdSchema } from "../../../shared/ids.ts";
import type { RecapEmailPreview } from "../../../shared/schemas/insights.ts";
import { useRequest } from "../../api/use-request.ts";
import { MailViews } from "../../emails/mail-views.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import styles from "./recap.module.css";
import { recapStrings } from "./strings.ts";

const words = recapStrings.emails;

export function RecapEmailsPage() {
  const { id = "" } = useParams();
  // An address that is no id is answered by the server like a call that does not exist.
  const meetingId = meetingIdSchema.safeParse(id).data ?? meetingIdSchema.parse("0".repeat(24));
  const emails = useRequest(endpoints.previewRecapEmails, { params: { id: meetingId } });
  return (
    <>
      <Link to={`/meetings/${id}/recap`} className={styles["back"]}>
        <ArrowLeft size={16} aria-hidden />
        {words.back}
      </Link>
      <PageHeader title={words.title} under={<p>{words.under}</p>} />
      {emails.status === "loading" && <Waiting label={words.loading} />}
      {emails.status === "error" && <Failure error={emails.error} onRetry={emails.retry} />}
      {emails.data !== null && <Emails items={emails.data.items} />}
    </>
  );
}

function Emails({ items }: { items: readonly RecapEmailPreview[] }) {
  const [first] = items;
  const [selected, setSelected] = useState<string | null>(null);
  if (first === undefined) return <EmptyState title={words.none}>{null}</EmptyState>;
  return (
    <Card>
      <Tabs
        label={words.who}
        selected={selected ?? first.userId}
        onSelect={setSelected}
        panelClassName={styles["letter"]}
        tabs={items.map((email) => ({
          key: String(email.userId),
          label: email.displayName,
          content: (
            <>
              <h2 className={styles["subject"]}>{email.subject}</h2>
              <MailViews subject={email.subject} html={email.html} text={email.text} />
              {email.attachments.length > 0 && (
                <p className={styles["muted"]}>{words.attachments(email.attachments.join(", "))}</p>
              )}
              <p className={styles["muted"]}>{words.unsubscribe}</p>
            </>
          ),
        }))}
      />
    </Card>
  );
}
