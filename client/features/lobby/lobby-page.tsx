// The page of one meeting before its call: who comes, what it is about, and one's own picture and sound.
import { CalendarDays, Download, Pencil } from "lucide-react";
import { useParams } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { type MeetingId, meetingIdSchema } from "../../../shared/ids.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { addressOf } from "../../api/http.ts";
import { useLive } from "../../api/live.ts";
import { useMe } from "../../api/session.tsx";
import { useMeetingConsents } from "../../consent/use-meeting-consents.ts";
import { useLocalMedia } from "../../media/use-local-media.ts";
import { ButtonAnchor, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { templateSentence } from "../../ui/notes-templates.ts";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatDay, formatTimeRange } from "../../ui/times.ts";
import { BriefCard } from "./brief-card.tsx";
import { Consent } from "./consent.tsx";
import { Entry } from "./entry.tsx";
import styles from "./lobby.module.css";
import { Machines } from "./machines.tsx";
import { People } from "./people.tsx";
import { Preview } from "./preview.tsx";
import { lobbyStrings } from "./strings.ts";

export function LobbyPage() {
  const { id } = useParams();
  const meetingId = meetingIdSchema.safeParse(id);
  return meetingId.success ? <Lobby meetingId={meetingId.data} /> : <Unknown />;
}

function Lobby({ meetingId }: { meetingId: MeetingId }) {
  const live = useLive("meeting", { meetingId });
  if (live.data !== null) return <MeetingPage meeting={live.data} />;
  if (live.error?.code === "NOT_FOUND") return <Unknown />;
  return (
    <>
      <PageHeader title={lobbyStrings.title} />
      {live.status === "loading" ? (
        <Waiting label={lobbyStrings.loading} />
      ) : (
        <Failure message={live.error?.message ?? lobbyStrings.notFound} onRetry={live.retry} />
      )}
    </>
  );
}

function Unknown() {
  return (
    <>
      <PageHeader title={lobbyStrings.title} />
      <EmptyState
        title={lobbyStrings.notFound}
        action={<ButtonLink to="/">{lobbyStrings.toHome}</ButtonLink>}
      />
    </>
  );
}

function MeetingPage({ meeting }: { meeting: Meeting }) {
  const me = useMe();
  const consents = useMeetingConsents(meeting.id);
  const observersWaitFor = consents.live.data?.observersWaitFor ?? null;
  const toCome = meeting.state === "scheduled" || meeting.state === "active";
  const observing = meeting.myRole === "observer";
  const local = useLocalMedia(toCome && !observing);
  return (
    <>
      <PageHeader
        title={meeting.title}
        under={<When meeting={meeting} />}
        actions={meeting.state === "scheduled" && <HostActions meeting={meeting} />}
      />
      <div className={styles["columns"]}>
        <div className={styles["column"]}>
          {toCome && !observing && <Preview local={local} />}
          {toCome && !observing && <BriefCard meetingId={meeting.id} />}
          {!toCome && <Entry meeting={meeting} observersWaitFor={observersWaitFor} />}
          <Card title={lobbyStrings.agenda}>
            <p className={styles["description"]}>
              {meeting.description === null || meeting.description === ""
                ? lobbyStrings.noDescription
                : meeting.description}
            </p>
            <p className={styles["quiet"]}>{templateSentence(meeting.template)}</p>
          </Card>
        </div>
        <div className={styles["column"]}>
          {toCome && <Entry meeting={meeting} observersWaitFor={observersWaitFor} />}
          {meeting.state !== "cancelled" && !observing && <Consent meeting={meeting} consents={consents} />}
          {meeting.state !== "cancelled" && !observing && <Machines meeting={meeting} />}
          <People meeting={meeting} myId={me.id} captions={consents.live.data?.captions ?? []} />
        </div>
      </div>
    </>
  );
}

function When({ meeting }: { meeting: Meeting }) {
  if (meeting.scheduledAt === null) return <span>{lobbyStrings.anytime}</span>;
  const start = new Date(meeting.scheduledAt);
  return (
    <span className={styles["when"]}>
      <CalendarDays size={16} aria-hidden />
      <time dateTime={meeting.scheduledAt}>
        {formatDay(start)}, {formatTimeRange(start, meeting.durationMinutes)}
      </time>
    </span>
  );
}

function HostActions({ meeting }: { meeting: Meeting }) {
  return (
    <>
      {meeting.myRole === "host" && (
        <ButtonLink to={`/meetings/${meeting.id}/edit`} icon={Pencil}>
          {lobbyStrings.edit}
        </ButtonLink>
      )}
      {meeting.scheduledAt !== null && (
        <ButtonAnchor
          look="quiet"
          icon={Download}
          download
          href={addressOf(endpoints.meetingInvitation, { params: { id: meeting.id } })}
        >
          {lobbyStrings.calendar}
        </ButtonAnchor>
      )}
    </>
  );
}
