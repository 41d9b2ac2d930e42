// A short list of calls, each with the page that is of use now: lobby before, recap after.
import { ChevronRight } from "lucide-react";
import { Link } from "react-router";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { useMe } from "../../api/session.tsx";
import { Avatars } from "../../ui/avatar.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { formatDay, formatTimeRange } from "../../ui/times.ts";
import styles from "./home.module.css";
import { homeStrings } from "./strings.ts";

export interface MeetingListProps {
  title: string;
  meetings: readonly Meeting[];
  empty: string;
}

export function MeetingList({ title, meetings, empty }: MeetingListProps) {
  return (
    <Card title={title}>
      {meetings.length === 0 ? (
        <p className={styles["muted"]}>{empty}</p>
      ) : (
        <ul className={styles["list"]}>
          {meetings.map((meeting) => (
            <Row key={meeting.id} meeting={meeting} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Row({ meeting }: { meeting: Meeting }) {
  const me = useMe();
  const others = meeting.participants.filter((participant) => participant.userId !== me.id);
  const concluded = meeting.state === "concluded";
  const at = meeting.startedAt ?? meeting.scheduledAt;
  const start = at === null ? null : new Date(at);
  return (
    <li className={styles["row"]}>
      <Link
        to={concluded ? `/meetings/${meeting.id}/recap` : `/meetings/${meeting.id}`}
        className={styles["rowLink"]}
      >
        <span className={styles["rowTitle"]}>{meeting.title}</span>
        <span className={styles["muted"]}>
          {start === null ? (
            homeStrings.upcoming.noTime
          ) : (
            <time dateTime={start.toISOString()}>
              {formatDay(start)}, {formatTimeRange(start, concluded ? null : meeting.durationMinutes)}
            </time>
          )}
          {others.length > 0 && ` · ${others.map((person) => person.displayName).join(", ")}`}
        </span>
      </Link>
      <span className={styles["rowEnd"]}>
        {meeting.state === "cancelled" && <Badge>{homeStrings.recent.cancelled}</Badge>}
        {concluded && <Badge tone="accent">{homeStrings.recent.recap}</Badge>}
        <Avatars
          people={others.map(({ userId: id, displayName: name, photo }) => ({ id, name, photo }))}
          most={3}
        />
        <ChevronRight size={18} aria-hidden className={styles["chevron"]} />
      </span>
    </li>
  );
}
