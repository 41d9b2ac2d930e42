// A coach's own review of a call: how it was talked, each figure with the moments it comes from, and their other calls beside it.
import { ArrowLeft, EyeOff, RotateCw } from "lucide-react";
import { useMemo, useState } from "react";
import { useParams } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { type MeetingId, meetingIdSchema } from "../../../shared/ids.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import type { CoachReview, ShownReview } from "../../../shared/schemas/reviews.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useLive } from "../../api/live.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { EmptyState, Failure, Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Progress, Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import { CallContext } from "./examples.tsx";
import styles from "./review.module.css";
import { reviewStrings as words } from "./strings.ts";
import { GrowCard, QuestionsCard, ReflectionsCard, TalkCard } from "./talk-cards.tsx";
import { BalanceCard, LongestCard, OverlapsCard, WaitsCard } from "./time-cards.tsx";
import { Trends } from "./trends.tsx";

export function ReviewPage() {
  const { id = "" } = useParams();
  // An address that is no id is answered by the server like a call that does not exist.
  const meetingId = meetingIdSchema.safeParse(id).data ?? meetingIdSchema.parse("0".repeat(24));
  const review = useLive("review", { meetingId });
  const meeting = useLive("meeting", { meetingId });
  const title = meeting.data?.title;
  return (
    <>
      <PageHeader
        title={words.title}
        windowTitle={title === undefined ? words.title : words.windowTitle(title)}
        under={
          <div className={styles["facts"]}>
            {title !== undefined && <span>{title}</span>}
            <Badge tone="warm" icon={EyeOff} title={words.privateWhy}>
              {words.private}
            </Badge>
          </div>
        }
        actions={
          <ButtonLink to={`/meetings/${meetingId}/recap`} icon={ArrowLeft}>
            {words.back}
          </ButtonLink>
        }
      />
      {review.status === "loading" && <Waiting label={words.loading} />}
      {review.status === "error" && <Failure error={review.error} onRetry={review.retry} />}
      {review.data !== null && meeting.data !== null && (
        <Content coachReview={review.data} meeting={meeting.data} />
      )}
    </>
  );
}

function Content({ coachReview, meeting }: { coachReview: CoachReview; meeting: Meeting }) {
  const { review, status, madeAt } = coachReview;
  const namesText = JSON.stringify(
    meeting.participants.map(({ userId, displayName }) => [userId, displayName]),
  );
  const context = useMemo(() => {
    const names = new Map(JSON.parse(namesText) as [string, string][]);
    return { meetingId: meeting.id, nameOf: (userId: string) => names.get(userId) ?? words.someoneGone };
  }, [meeting.id, namesText]);
  return (
    <CallContext value={context}>
      <div className={styles["page"]}>
        <p>
          {words.noScore} <span className={styles["quiet"]}>{words.privateWhy}</span>
        </p>
        <Status coachReview={coachReview} />
        {review !== null && (
          <>
            <Limits review={review} />
            {review.words === 0 ? (
              <EmptyState title={words.empty} />
            ) : (
              <div className={styles["cards"]}>
                <Figures review={review} />
                <Trends key={madeAt} />
              </div>
            )}
          </>
        )}
        {status !== "waiting" && madeAt !== null && (
          <p className={styles["quiet"]}>{words.made(formatShort(new Date(madeAt)))}</p>
        )}
      </div>
    </CallContext>
  );
}

function Status({ coachReview: { status, review, problem, meetingId } }: { coachReview: CoachReview }) {
  switch (status) {
    case "waiting":
      return <EmptyState title={words.waitingTitle}>{words.waiting}</EmptyState>;
    case "processing":
      return (
        <Notice tone="accent" title={review === null ? words.processing : words.again} live>
          {review === null && <p>{words.processingNote}</p>}
          <Progress label={words.processing} />
        </Notice>
      );
    case "failed":
      return <Failed meetingId={meetingId} problem={problem} />;
    case "ready":
      return null;
  }
}

function Failed({ meetingId, problem }: { meetingId: MeetingId; problem: string | null }) {
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  async function retry() {
    setBusy(true);
    try {
      await call(endpoints.retryReview, { params: { id: meetingId } });
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    } finally {
      setBusy(false);
    }
  }
  return (
    <Notice
      tone="danger"
      title={words.failedTitle}
      live
      actions={
        <Button icon={RotateCw} busy={busy} onClick={() => void retry()}>
          {busy ? words.retrying : words.retry}
        </Button>
      }
    >
      {problem !== null && <p>{problem}</p>}
      <p>{words.failedNote}</p>
    </Notice>
  );
}

/** What this review cannot say, and why. */
function Limits({
  review: { own, leftOut, language, timed, waits, words: spoken },
}: {
  review: ShownReview;
}) {
  const sentences = [
    ...(own === "refused" ? [words.ownRefused] : []),
    ...(own === "none" && spoken > 0 ? [words.ownNone] : []),
    ...(leftOut > (own === "refused" ? 1 : 0) ? [words.leftOut(leftOut)] : []),
    ...(language === "other" ? [words.otherLanguage] : []),
    ...(language === "too-little" && spoken > 0 ? [words.tooLittle] : []),
    ...(!timed && leftOut === 0 && spoken > 0 ? [words.untimed] : []),
    ...(timed && waits === null ? [words.noGaps] : []),
  ];
  if (sentences.length === 0) return null;
  return (
    <div className={styles["notices"]}>
      {sentences.map((sentence) => (
        <Notice key={sentence} tone="warm">
          <p>{sentence}</p>
        </Notice>
      ))}
    </div>
  );
}

function Figures({ review }: { review: ShownReview }) {
  const { leftOut, people, stepMs, questions, reflections, waits, overlaps, talk, grow, own } = review;
  const heard = own === "read";
  return (
    <>
      {leftOut === 0 && <BalanceCard review={review} />}
      {heard && questions !== null && <QuestionsCard questions={questions} />}
      {heard && questions !== null && reflections !== null && (
        <ReflectionsCard reflections={reflections} questions={questions} />
      )}
      {heard && waits !== null && <WaitsCard waits={waits} />}
      <LongestCard people={people} />
      {heard && overlaps !== null && <OverlapsCard overlaps={overlaps} />}
      {talk !== null && <TalkCard talk={talk} stepMs={stepMs} />}
      {grow !== null && <GrowCard grow={grow} stepMs={stepMs} />}
    </>
  );
}
