// Change, reschedule or cancel a call that has not started, and say who takes part; for hosts.
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { type MeetingId, meetingIdSchema } from "../../../shared/ids.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useLive } from "../../api/live.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { readerTimeZone } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import { AgendaFields, TimeFields, WhatFields } from "./meeting-fields.tsx";
import {
  checkDraft,
  draftOf,
  type DraftProblems,
  type MeetingDraft,
  problemsFromDetails,
  updateRequest,
} from "./meeting-draft.ts";
import { ParticipantsEditor } from "./participants-editor.tsx";
import styles from "./schedule.module.css";
import { scheduleStrings } from "./strings.ts";
import { useFocusFirstProblem } from "./use-focus-first-problem.ts";

const words = scheduleStrings.edit;

export function EditMeetingPage() {
  const { id = "" } = useParams();
  // An address that is no id is answered by the server like a call that does not exist.
  const meetingId = meetingIdSchema.safeParse(id).data ?? meetingIdSchema.parse("0".repeat(24));
  return <LiveEditor meetingId={meetingId} />;
}

function LiveEditor({ meetingId }: { meetingId: MeetingId }) {
  const live = useLive("meeting", { meetingId });
  if (live.data === null) {
    return (
      <>
        <PageHeader title={words.windowTitle} />
        {live.status === "error" ? (
          <Failure error={live.error} onRetry={live.retry} />
        ) : (
          <Waiting label={words.loading} />
        )}
      </>
    );
  }
  const meeting = live.data;
  return (
    <>
      <Link to={`/meetings/${meeting.id}`} className={styles["back"]}>
        <ArrowLeft size={16} aria-hidden />
        {words.back}
      </Link>
      <PageHeader title={words.title(meeting.title)} windowTitle={words.windowTitle} />
      {meeting.myRole !== "host" ? (
        <EmptyState title={words.notHost} />
      ) : meeting.state !== "scheduled" ? (
        <EmptyState title={words.notScheduled} />
      ) : (
        <Editor meeting={meeting} />
      )}
    </>
  );
}

function Editor({ meeting }: { meeting: Meeting }) {
  return (
    <div className={styles["form"]}>
      <DetailsForm meeting={meeting} />
      <Card title={words.people}>
        <ParticipantsEditor meeting={meeting} />
      </Card>
      <CancelCard meeting={meeting} />
    </div>
  );
}

function DetailsForm({ meeting }: { meeting: Meeting }) {
  const toast = useToast();
  const [draft, setDraft] = useState<MeetingDraft>(() => draftOf(meeting, new Date(), readerTimeZone()));
  const [problems, setProblems] = useState<DraftProblems>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { form, focusFirstProblem } = useFocusFirstProblem();
  const change = (part: Partial<MeetingDraft>) => setDraft((now) => ({ ...now, ...part }));

  async function save() {
    setFailure(null);
    const found = checkDraft(draft);
    setProblems(found);
    if (Object.keys(found).length > 0) {
      setFailure(scheduleStrings.fix);
      focusFirstProblem();
      return;
    }
    const body = updateRequest(draft, meeting);
    if (body === null) {
      toast({ text: words.nothing });
      return;
    }
    setBusy(true);
    try {
      await call(endpoints.updateMeeting, { params: { id: meeting.id }, body });
      toast({ text: words.saved });
    } catch (thrown) {
      const error = toApiError(thrown);
      const named = problemsFromDetails(error.details, draft);
      setProblems(named ?? {});
      setFailure(named === null ? error.message : scheduleStrings.fix);
      focusFirstProblem();
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      ref={form}
      className={styles["form"]}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void save();
      }}
    >
      <Card title={scheduleStrings.what}>
        <WhatFields draft={draft} problems={problems} onChange={change} />
      </Card>
      <Card title={scheduleStrings.when}>
        <TimeFields draft={draft} problems={problems} onChange={change} />
      </Card>
      <Card title={scheduleStrings.after}>
        <AgendaFields draft={draft} problems={problems} onChange={change} />
      </Card>
      {failure !== null && <Failure message={failure} />}
      <div className={styles["submit"]}>
        <Button type="submit" look="primary" busy={busy}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}

function CancelCard({ meeting }: { meeting: Meeting }) {
  const toast = useToast();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);

  async function cancel() {
    setBusy(true);
    try {
      await call(endpoints.cancelMeeting, { params: { id: meeting.id } });
      toast({ text: words.cancelled });
      await navigate("/");
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
      setBusy(false);
      setAsking(false);
    }
  }

  return (
    <Card title={words.cancelHeading}>
      <p className={styles["muted"]}>{words.cancelText}</p>
      <div>
        <Button look="secondary" onClick={() => setAsking(true)}>
          {words.cancel}
        </Button>
      </div>
      <Dialog
        open={asking}
        title={words.cancelTitle}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{words.keep}</Button>
            <Button look="danger" busy={busy} onClick={() => void cancel()}>
              {words.cancel}
            </Button>
          </>
        }
      >
        <p>{words.cancelText}</p>
      </Dialog>
    </Card>
  );
}
