// One's own calendar: the week by hours, and as a list where there is little room.
import { CalendarPlus, ChevronLeft, ChevronRight, Settings } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { CalendarView } from "../../../shared/schemas/calendar.ts";
import { useMe } from "../../api/session.tsx";
import { useRequest } from "../../api/use-request.ts";
import { Button, ButtonLink, IconButton } from "../../ui/button.tsx";
import { Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatDay, readerTimeZone, zoneCity } from "../../ui/times.ts";
import { AgendaList } from "./agenda-list.tsx";
import styles from "./calendar.module.css";
import { MeetingDialog } from "./meeting-dialog.tsx";
import { calendarStrings as words } from "./strings.ts";
import { addDays, midnight, mondayOf } from "./week-cells.ts";
import { WeekGrid } from "./week-grid.tsx";

export type CalendarMeeting = CalendarView["meetings"][number];

export function CalendarPage() {
  const timeZone = useMe().timeZone ?? readerTimeZone();
  const [monday, setMonday] = useState(() => mondayOf(new Date(), timeZone));
  const [opened, setOpened] = useState<CalendarMeeting | null>(null);
  const [fromMs, toMs] = [midnight(monday, timeZone), midnight(addDays(monday, 7), timeZone)];
  const found = useRequest(endpoints.calendar, {
    query: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
  });
  const day = (ms: number) => formatDay(new Date(ms), { timeZone });
  return (
    <>
      <PageHeader
        title={words.title}
        under={words.under(zoneCity(timeZone))}
        actions={
          <>
            <ButtonLink to="/calendar/settings" icon={Settings}>
              {words.settings}
            </ButtonLink>
            <ButtonLink to="/schedule" icon={CalendarPlus} look="primary">
              {words.plan}
            </ButtonLink>
          </>
        }
      />
      <div className={styles["bar"]}>
        <IconButton icon={ChevronLeft} label={words.before} onClick={() => setMonday(addDays(monday, -7))} />
        <IconButton icon={ChevronRight} label={words.after} onClick={() => setMonday(addDays(monday, 7))} />
        <Button onClick={() => setMonday(mondayOf(new Date(), timeZone))}>{words.today}</Button>
        <h2 className={styles["range"]} aria-live="polite">
          {words.week(day(fromMs), day(toMs - 1))}
        </h2>
      </div>
      {found.status === "loading" && <Waiting label={words.loading} />}
      {found.status === "error" && <Failure error={found.error} onRetry={found.retry} />}
      {found.data !== null && (
        <>
          {!found.data.hoursKnown && (
            <p className={styles["quiet"]}>
              {words.noHours} <Link to="/account/profile">{words.sayHours}</Link>
            </p>
          )}
          <WeekGrid key={monday} monday={monday} timeZone={timeZone} view={found.data} onOpen={setOpened} />
          <AgendaList monday={monday} timeZone={timeZone} view={found.data} onOpen={setOpened} />
        </>
      )}
      {opened !== null && (
        <MeetingDialog
          meeting={opened}
          timeZone={timeZone}
          onClose={() => setOpened(null)}
          onMoved={() => {
            setOpened(null);
            found.retry();
          }}
        />
      )}
    </>
  );
}
