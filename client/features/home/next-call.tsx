// The next call: when, with whom, what for, and the way in.
import { CalendarDays, Download, Pencil, Video } from "lucide-react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { addressOf } from "../../api/http.ts";
import { useMe } from "../../api/session.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { Badge } from "../../ui/badge.tsx";
import { ButtonAnchor, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/notice.tsx";
import { agendaOf } from "../../ui/notes-templates.ts";
import { formatDay, formatDistance, formatTimeRange } from "../../ui/times.ts";
import { useNow } from "../../ui/use-now.ts";
import styles from "./home.module.css";
import { homeStrings } from "./strings.ts";

const words = homeStrings.next;

export function NextCall({ meeting }: { meeting: Meeting | null }) {
  if (meeting === null) {
    return (
      <Card title={words.heading}>
        <EmptyState
          icon={CalendarDays}
          title={words.empty}
          action={
            <ButtonLink to="/schedule" look="secondary">
              {homeStrings.schedule}
            </ButtonLink>
          }
        >
          {words.emptyText}
        </EmptyState>
      </Card>
    );
  }
  return <Brief meeting={meeting} />;
}

function Brief({ meeting }: { meeting: Meeting }) {
  const me = useMe();
  const now = useNow(20_000);
  const others = meeting.participants.filter((participant) => participant.userId !== me.id);
  const start = meeting.scheduledAt === null ? null : new Date(meeting.scheduledAt);
  const running = meeting.state === "active";
  return (
    <Card
      title={words.heading}
      className={styles["next"]}
      aside={
        <Badge tone={running ? "success" : "accent"}>{running ? words.running : countdown(start, now)}</Badge>
      }
    >
      <div className={styles["nextTop"]}>
        <p className={styles["nextTitle"]}>{meeting.title}</p>
        {start !== null && (
          <p>
            <time dateTime={start.toISOString()}>
              {formatDay(start, { now })}, {formatTimeRange(start, meeting.durationMinutes)}
            </time>
          </p>
        )}
      </div>
      {others.length === 0 ? (
        <p className={styles["muted"]}>{words.alone}</p>
      ) : (
        <ul className={styles["people"]} aria-label={words.with}>
          {others.map((person) => (
            <li key={person.userId}>
              <Avatar id={person.userId} name={person.displayName} photo={person.photo} size="small" />
              {person.displayName}
            </li>
          ))}
        </ul>
      )}
      <div className={styles["brief"]}>
        <p className={styles["agenda"]}>{agendaOf(meeting.template)}</p>
        {meeting.description === null || meeting.description === "" ? (
          <p className={styles["muted"]}>{words.noBrief}</p>
        ) : (
          <p className={styles["description"]}>{meeting.description}</p>
        )}
      </div>
      <div className={styles["actions"]}>
        <ButtonLink to={`/meetings/${meeting.id}`} look="primary" icon={Video}>
          {words.join}
        </ButtonLink>
        {meeting.myRole === "host" && meeting.state === "scheduled" && (
          <ButtonLink to={`/meetings/${meeting.id}/edit`} icon={Pencil}>
            {words.edit}
          </ButtonLink>
        )}
        {start !== null && (
          <ButtonAnchor
            href={addressOf(endpoints.meetingInvitation, { params: { id: meeting.id } })}
            download
            look="quiet"
            icon={Download}
          >
            {words.calendar}
          </ButtonAnchor>
        )}
      </div>
    </Card>
  );
}

function countdown(start: Date | null, now: Date): string {
  if (start === null) return words.anytime;
  return start.getTime() < now.getTime() - 60_000 ? words.late : words.starts(formatDistance(start, now));
}
