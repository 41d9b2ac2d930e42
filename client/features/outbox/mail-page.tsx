// One email as it was or would be sent: formatted in a frame without scripts, as plain text, and its attachments.
import { ArrowLeft, Paperclip } from "lucide-react";
import { Link, useParams } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { mailIdSchema } from "../../../shared/ids.ts";
import { mailListSchema, type Mail } from "../../../shared/schemas/mail.ts";
import { addressOf } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { EmailChoices } from "../../emails/email-choices.tsx";
import { formatBytes } from "../../emails/mail-frame.ts";
import { MailViews } from "../../emails/mail-views.tsx";
import { ButtonAnchor, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Failure, Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import styles from "./outbox.module.css";
import { outboxStrings } from "./strings.ts";

const words = outboxStrings.mail;

export function MailPage() {
  const { mailId = "" } = useParams();
  const mail = useRequest(
    endpoints.getMail,
    // An address that is no id is answered by the server like an email that does not exist.
    { params: { mailId: mailIdSchema.safeParse(mailId).data ?? mailIdSchema.parse("0".repeat(24)) } },
  );
  return (
    <>
      <Link to="/outbox" className={styles["back"]}>
        <ArrowLeft size={16} aria-hidden />
        {words.back}
      </Link>
      {mail.status === "loading" && <Waiting label={words.loading} />}
      {mail.status === "error" && (
        <>
          <PageHeader title={words.windowTitle} />
          <Failure error={mail.error} onRetry={mail.retry} />
        </>
      )}
      {mail.data !== null && <Letter mail={mail.data} />}
    </>
  );
}

function Letter({ mail }: { mail: Mail }) {
  const list = mailListSchema.safeParse(mail.kind).data;
  return (
    <>
      <PageHeader
        title={mail.subject}
        under={
          <dl className={styles["facts"]}>
            <div>
              <dt>{words.to}</dt>
              <dd>{mail.toName === null ? mail.toEmail : `${mail.toName} <${mail.toEmail}>`}</dd>
            </div>
            <div>
              <dt>{words.date}</dt>
              <dd>
                <time dateTime={mail.createdAt}>{formatShort(new Date(mail.createdAt))}</time>
              </dd>
            </div>
          </dl>
        }
        actions={<MeetingLink mail={mail} />}
      />
      <Notice tone={noticeTones[mail.status]}>
        <p>{statusSentence(mail)}</p>
      </Notice>
      <Card>
        <MailViews subject={mail.subject} html={mail.html} text={mail.text} />
      </Card>
      {mail.attachments.length > 0 && (
        <Card title={words.attachments}>
          <div className={styles["attachments"]}>
            {mail.attachments.map((attachment, index) => (
              <ButtonAnchor
                key={attachment.filename}
                icon={Paperclip}
                href={addressOf(endpoints.getMailAttachment, { params: { mailId: mail.id, index } })}
                download={attachment.filename}
              >
                {words.download(attachment.filename, formatBytes(attachment.sizeBytes))}
              </ButtonAnchor>
            ))}
          </div>
        </Card>
      )}
      <Card title={words.choices}>
        {list === undefined ? <p>{words.always}</p> : <EmailChoices lists={[list]} />}
      </Card>
    </>
  );
}

const noticeTones = {
  queued: "neutral",
  kept: "warm",
  sent: "neutral",
  failed: "danger",
  unsubscribed: "neutral",
  bounced: "danger",
} as const satisfies Record<Mail["status"], string>;

function MeetingLink({ mail }: { mail: Mail }) {
  if (mail.meetingId === null) return null;
  return mail.kind === "recap" ? (
    <ButtonLink to={`/meetings/${mail.meetingId}/recap`}>{words.openRecap}</ButtonLink>
  ) : (
    <ButtonLink to={`/meetings/${mail.meetingId}`}>{words.openMeeting}</ButtonLink>
  );
}

function statusSentence(mail: Mail): string {
  const sentences = outboxStrings.statusExplained;
  switch (mail.status) {
    case "queued":
      return sentences.queued();
    case "kept":
      return sentences.kept();
    case "sent":
      return sentences.sent(mail.sentAt === null ? null : formatShort(new Date(mail.sentAt)));
    case "unsubscribed":
      return sentences.unsubscribed();
    case "bounced":
      return sentences.bounced();
    case "failed":
      return sentences.failed(mail.attempts);
  }
}
