// The next call with anybody of this one, with its calendar file.
import { Download } from "lucide-react";
import { Link } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { addressOf } from "../../api/http.ts";
import { useMe } from "../../api/session.tsx";
import { useRequest } from "../../api/use-request.ts";
import { ButtonAnchor } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { formatDay, formatTimeRange } from "../../ui/times.ts";
import styles from "./recap.module.css";
import { recapStrings } from "./strings.ts";

const words = recapStrings.next;

export function NextTogether({ meeting }: { meeting: Meeting }) {
  const me = useMe();
  const home = useRequest(endpoints.home, {});
  const others = new Set(meeting.participants.map((person) => person.userId).filter((id) => id !== me.id));
  const ahead = home.data === null ? [] : [home.data.next, ...home.data.upcoming];
  const next = ahead.find((call) => call?.participants.some((person) => others.has(person.userId)));
  if (next === undefined || next === null || next.scheduledAt === null) return null;
  const start = new Date(next.scheduledAt);
  return (
    <Card title={words.heading} className={styles["notPrinted"]}>
      <div className={styles["next"]}>
        <p>
          <Link to={`/meetings/${next.id}`}>{next.title}</Link>
          <br />
          <time dateTime={next.scheduledAt} className={styles["muted"]}>
            {formatDay(start)}, {formatTimeRange(start, next.durationMinutes)}
          </time>
        </p>
        <ButtonAnchor
          icon={Download}
          size="small"
          download
          href={addressOf(endpoints.meetingInvitation, { params: { id: next.id } })}
        >
          {words.calendar}
        </ButtonAnchor>
      </div>
    </Card>
  );
}
