// How far the recap is, and what its hosts can do about it.
import { MailSearch, RotateCw, Send } from "lucide-react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { Recap } from "../../../shared/schemas/insights.ts";
import { call } from "../../api/http.ts";
import { useStatus } from "../../api/session.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Progress } from "../../ui/spinner.tsx";
import { useToast } from "../../ui/toast.tsx";
import styles from "./recap.module.css";
import { recapStrings } from "./strings.ts";
import { useAction } from "../../ui/use-action.ts";

export function RecapStatus({ recap, host }: { recap: Recap; host: boolean }) {
  switch (recap.status) {
    case "waiting":
    case "processing":
      return <Preparing status={recap.status} />;
    case "failed":
      return <Failed recap={recap} host={host} />;
    case "ready":
      // There is no recap to show any more, and this says why.
      if (recap.problem !== null)
        return (
          <Notice>
            <p>{recap.problem}</p>
          </Notice>
        );
      return recap.delivery === "awaiting-approval" ? <Draft recap={recap} host={host} /> : null;
  }
}

function Preparing({ status }: { status: "waiting" | "processing" }) {
  const words = recapStrings.status;
  return (
    <Notice tone="accent" title={words[status]} live>
      <p>{words.note}</p>
      <div className={styles["progress"]}>
        <Progress label={words.progress} />
      </div>
    </Notice>
  );
}

function Failed({ recap, host }: { recap: Recap; host: boolean }) {
  const words = recapStrings.status;
  const { busy, run } = useAction();
  return (
    <Notice
      tone="danger"
      title={words.failedTitle}
      live
      actions={
        host && (
          <Button
            icon={RotateCw}
            busy={busy}
            onClick={() => void run(() => call(endpoints.retryRecap, { params: { id: recap.meetingId } }))}
          >
            {busy ? words.retrying : words.retry}
          </Button>
        )
      }
    >
      {recap.problem !== null && <p>{recap.problem}</p>}
      <p>{words.failedNote}</p>
      {!host && <p>{words.failedGuest}</p>}
    </Notice>
  );
}

function Draft({ recap, host }: { recap: Recap; host: boolean }) {
  const words = recapStrings.delivery;
  const toast = useToast();
  const { busy, run } = useAction();
  if (!host) {
    return (
      <Notice tone="accent">
        <p>{words.waitingForHost}</p>
      </Notice>
    );
  }
  async function approve() {
    const done = await run(() => call(endpoints.approveRecap, { params: { id: recap.meetingId } }));
    if (done) toast({ text: words.approved });
  }
  return (
    <Notice
      tone="warm"
      title={words.draftTitle}
      actions={
        <>
          <Button look="primary" icon={Send} busy={busy} onClick={() => void approve()}>
            {words.approve}
          </Button>
          <ButtonLink to={`/meetings/${recap.meetingId}/recap/emails`} icon={MailSearch}>
            {words.preview}
          </ButtonLink>
        </>
      }
    >
      <p>{words.draft}</p>
    </Notice>
  );
}

export function DeliveryBadge({ delivery }: { delivery: Recap["delivery"] }) {
  const words = recapStrings.delivery;
  const kept = useStatus().mail === "outbox";
  switch (delivery) {
    case "not-sent":
      return <Badge>{words.notSent}</Badge>;
    case "awaiting-approval":
      return <Badge tone="warm">{words.awaiting}</Badge>;
    case "queued":
      return <Badge tone="accent">{words.queued}</Badge>;
    case "sent":
      return kept ? <Badge tone="warm">{words.kept}</Badge> : <Badge tone="success">{words.sent}</Badge>;
    case "unsubscribed":
      return <Badge>{words.unsubscribed}</Badge>;
    case "removed":
      return <Badge>{words.removed}</Badge>;
  }
}
