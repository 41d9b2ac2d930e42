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
import { Checkbox } from "../../ui/field.tsx";
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
  const [openedAt] = useState(() => new Date());
  // What nobody touched here follows the call: another host, or another tab, may change it meanwhile.
  const [edits, setEdits] = useState<Partial<MeetingDraft>>({});
  const draft: MeetingDraft = { ...draftOf(meeting, openedAt, readerTimeZone()), ...edits };
  const [problems, setProblems] = useState<DraftProblems>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [following, setFollowing] = useState(false);
  const [clash, setClash] = useState(false);
  const { form, focusFirstProblem } = useFocusFirstProblem();
  const change = (part: Partial<MeetingDraft>) => {
    setEdits((now) => ({ ...now, ...part }));
    setClash(false);
  };

  async function save(anyway: boolean) {
    setFailure(null);
    setClash(false);
    const found = checkDraft(draft);
    setProblems(found);
    if (Object.keys(found).length > 0) {
      setFailure(scheduleStrings.fix);
      focusFirstProblem();
      return;
    }
    const body = updateRequest(draft, edits, meeting);
    if (body === null) {
      toast({ text: words.nothing });
      return;
    }
    setBusy(true);
    try {
      const params = { id: meeting.id };
      const asked = { ...body, ...(anyway ? { onlyIfFree: false } : {}) };
      if (following) {
        const { timeZone: _kept, ...all } = asked;
        await call(endpoints.changeFollowing, { params, body: all });
      } else await call(endpoints.updateMeeting, { params, body: asked });
      // What was typed meanwhile stays.
      setEdits((now) => (now === edits ? {} : now));
      toast({ text: following ? words.savedAll : words.saved });
    } catch (thrown) {
      const error = toApiError(thrown);
      const named = problemsFromDetails(error.details, draft);
      setProblems(named ?? {});
      setFailure(named === null ? error.message : scheduleStrings.fix);
      setClash(error.code === "CONFLICT");
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
        if (!busy) void save(false);
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
      {meeting.series !== null && (
        <fieldset className={styles["timing"]}>
          <legend className={styles["legend"]}>{words.scope.legend}</legend>
          {[false, true].map((all) => (
            <Checkbox
              key={String(all)}
              kind="radio"
              name="scope"
              label={all ? words.scope.following : words.scope.one}
              {...(all ? { hint: words.scope.followingHint } : {})}
              checked={following === all}
              onChange={() => setFollowing(all)}
            />
          ))}
        </fieldset>
      )}
      {failure !== null && <Failure message={failure} />}
      <div className={styles["submit"]}>
        <Button type="submit" look="primary" busy={busy}>
          {words.save}
        </Button>
        {clash && (
          <Button busy={busy} onClick={() => void save(true)}>
            {words.anyway}
          </Button>
        )}
      </div>
    </form>
  );
}

function CancelCard({ meeting }: { meeting: Meeting }) {
  const toast = useToast();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<"one" | "following" | null>(null);
  const [busy, setBusy] = useState(false);
  const all = asking === "following";

  async function cancel() {
    setBusy(true);
    const params = { id: meeting.id };
    try {
      if (all) await call(endpoints.cancelFollowing, { params });
      else await call(endpoints.cancelMeeting, { params });
      toast({ text: all ? words.cancelledAll : words.cancelled });
      await navigate("/");
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
      setBusy(false);
      setAsking(null);
    }
  }

  return (
    <Card title={words.cancelHeading}>
      <p className={styles["muted"]}>{words.cancelText}</p>
      <div className={styles["submit"]}>
        <Button look="secondary" onClick={() => setAsking("one")}>
          {words.cancel}
        </Button>
        {meeting.series !== null && (
          <Button look="secondary" onClick={() => setAsking("following")}>
            {words.cancelFollowing}
          </Button>
        )}
      </div>
      <Dialog
        open={asking !== null}
        title={all ? words.cancelFollowingTitle : words.cancelTitle}
        onClose={() => setAsking(null)}
        actions={
          <>
            <Button onClick={() => setAsking(null)}>{words.keep}</Button>
            <Button look="danger" busy={busy} onClick={() => void cancel()}>
              {all ? words.cancelFollowing : words.cancel}
            </Button>
          </>
        }
      >
        <p>{words.cancelText}</p>
      </Dialog>
    </Card>
  );
}
