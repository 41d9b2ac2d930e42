// The call itself: people on the left, notes, transcript, prompts and chat on the right.
import { type ComponentType, useCallback, useEffect } from "react";
import { Navigate, useNavigate, useParams } from "react-router";
import { type MeetingId, meetingIdSchema, type UserId } from "../../../shared/ids.ts";
import type { MeetingRole } from "../../../shared/schemas/meetings.ts";
import { useMe } from "../../api/session.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { PhotosProvider } from "../../ui/photos.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { useToast } from "../../ui/toast.tsx";
import { CallScreen } from "./call-screen.tsx";
import styles from "./call-screen.module.css";
import { callStrings } from "./strings.ts";
import { useCallSession } from "./use-call.ts";

/** The notes stand in a feature of their own; the route brings the two together. */
export type NotesComponent = ComponentType<{
  meetingId: MeetingId;
  me: { id: UserId; displayName: string };
  role: MeetingRole;
}>;

export function CallPage({ Notes }: { Notes: NotesComponent }) {
  const { id } = useParams();
  const meetingId = meetingIdSchema.safeParse(id);
  if (!meetingId.success) return <Navigate to="/not-found" replace />;
  return <Call meetingId={meetingId.data} Notes={Notes} />;
}

function Call({ meetingId, Notes }: { meetingId: MeetingId; Notes: NotesComponent }) {
  const me = useMe();
  const navigate = useNavigate();
  const toast = useToast();
  const { session, state } = useCallSession(meetingId);
  const { phase, meeting } = state;
  const recap = `/meetings/${meetingId}/recap`;
  const ended = phase.kind === "over" && phase.how === "ended";

  const toRecap = useCallback(() => {
    toast({ text: callStrings.ended });
    void navigate(recap, { replace: true });
  }, [navigate, toast, recap]);

  // However the news of the end arrives, one's own click or the server's word, it leads to the recap once.
  useEffect(() => {
    if (ended) toRecap();
  }, [ended, toRecap]);

  if (phase.kind === "refused") {
    return <Message title={callStrings.refused} words={phase.message} />;
  }
  if (phase.kind === "over") {
    if (phase.how === "ended") return <Waiting label={callStrings.ended} />;
    const title = phase.how === "cancelled" ? callStrings.cancelled : callStrings.revoked;
    return <Message title={title} words={phase.message ?? callStrings.revokedWhy} />;
  }
  if (session === null || meeting === null) return <Waiting label={callStrings.joining} />;
  // Not started, or over before one came: the meeting's page says what comes next.
  if (meeting.state !== "active") return <Navigate to={`/meetings/${meetingId}`} replace />;
  return (
    <PhotosProvider people={meeting.participants}>
      <CallScreen
        meeting={meeting}
        me={me}
        session={session}
        state={state}
        notes={<Notes meetingId={meetingId} me={me} role={meeting.myRole} />}
        onLeave={() => void navigate("/")}
        onEnded={session.takeMeeting}
      />
    </PhotosProvider>
  );
}

function Message({ title, words }: { title: string; words: string }) {
  return (
    <main className={styles["message"]}>
      <PageHeader title={title} />
      <p>{words}</p>
      <ButtonLink to="/" look="primary">
        {callStrings.toHome}
      </ButtonLink>
    </main>
  );
}
