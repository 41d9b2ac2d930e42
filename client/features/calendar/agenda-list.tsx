// The week as a list of days, for narrow screens.
import type { CalendarView } from "../../../shared/schemas/calendar.ts";
import { CalendarCheck } from "lucide-react";
import { EmptyState } from "../../ui/notice.tsx";
import { formatDay, formatTime } from "../../ui/times.ts";
import type { CalendarMeeting } from "./calendar-page.tsx";
import styles from "./calendar.module.css";
import { calendarStrings as words } from "./strings.ts";
import { partIn, weekCells } from "./week-cells.ts";

export function AgendaList({
  monday,
  timeZone,
  view,
  onOpen,
}: {
  monday: string;
  timeZone: string;
  view: CalendarView;
  onOpen: (meeting: CalendarMeeting) => void;
}) {
  const clock = (ms: number) => formatTime(new Date(ms), timeZone);
  /** As much of it as lies in the day. */
  const range = (day: { startMs: number; endMs: number }, time: { startsAt: string; endsAt: string }) => {
    const from = Math.max(day.startMs, Date.parse(time.startsAt));
    const to = Math.min(day.endMs, Date.parse(time.endsAt));
    return from === day.startMs && to === day.endMs ? words.allDay : `${clock(from)}–${clock(to)}`;
  };
  const days = weekCells(monday, timeZone).flatMap((cells) => {
    const [first, last] = [cells[0], cells.at(-1)];
    if (first === undefined || last === undefined) return [];
    const day = { ...first, endMs: last.endMs };
    const meetings = view.meetings.filter((one) => partIn(day, one) !== null);
    const busy = view.busy.filter((one) => partIn(day, one) !== null);
    return meetings.length + busy.length === 0 ? [] : [{ day, meetings, busy }];
  });
  return (
    <div className={styles["agenda"]}>
      {days.length === 0 && (
        <EmptyState icon={CalendarCheck} title={words.nothing}>
          {words.nothingText}
        </EmptyState>
      )}
      {days.map(({ day, meetings, busy }) => (
        <section key={day.date}>
          <h3 className={styles["agendaDay"]}>{formatDay(new Date(day.startMs), { timeZone })}</h3>
          <ul className={styles["agendaItems"]}>
            {meetings.map((meeting) => (
              <li key={meeting.id}>
                <button type="button" className={styles["agendaItem"]} onClick={() => onOpen(meeting)}>
                  <span className={styles["agendaTime"]}>{range(day, meeting)}</span>
                  <span className={meeting.state === "cancelled" ? styles["struck"] : undefined}>
                    {meeting.title}
                  </span>
                  {meeting.state === "cancelled" && (
                    <span className={styles["agendaState"]}>{words.cancelled}</span>
                  )}
                </button>
              </li>
            ))}
            {busy.map((time) => (
              <li key={time.startsAt} className={styles["agendaBusy"]}>
                <span className={styles["agendaTime"]}>{range(day, time)}</span>
                <span>{words.busy}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
