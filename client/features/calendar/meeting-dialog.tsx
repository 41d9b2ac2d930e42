// A call of the calendar: opened, or moved to another time by keyboard as by touch.
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextInput } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { formatDay, formatTimeRange } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import { resolveWallTime, wallTimeAt } from "../../ui/wall-time.ts";
import type { CalendarMeeting } from "./calendar-page.tsx";
import styles from "./calendar.module.css";
import { calendarStrings } from "./strings.ts";

const words = calendarStrings.meeting;

export function MeetingDialog({
  meeting,
  timeZone,
  onClose,
  onMoved,
}: {
  meeting: CalendarMeeting;
  timeZone: string;
  onClose: () => void;
  onMoved: () => void;
}) {
  const toast = useToast();
  const start = new Date(meeting.startsAt);
  const length = Math.round((Date.parse(meeting.endsAt) - start.getTime()) / 60_000);
  const [moving, setMoving] = useState(false);
  const [wall, setWall] = useState(() => wallTimeAt(start, timeZone));
  const [minutes, setMinutes] = useState(length);
  const [problem, setProblem] = useState<string | null>(null);
  const [clash, setClash] = useState(false);
  const [busy, setBusy] = useState(false);
  const movable = meeting.myRole === "host" && meeting.state === "scheduled";
  const change = (part: Partial<typeof wall>) => {
    setWall({ ...wall, ...part });
    setClash(false);
  };

  async function move(onlyIfFree: boolean) {
    const resolved = resolveWallTime(wall);
    if (resolved === null || !Number.isFinite(minutes)) return setProblem(words.badTime);
    setBusy(true);
    setProblem(null);
    try {
      await call(endpoints.updateMeeting, {
        params: { id: meeting.id },
        body: { scheduledAt: resolved.instant.toISOString(), durationMinutes: minutes, onlyIfFree },
      });
      toast({ text: words.moved });
      onMoved();
    } catch (thrown) {
      const error = toApiError(thrown);
      setProblem(error.message);
      setClash(error.code === "CONFLICT");
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      title={meeting.title}
      onClose={onClose}
      actions={
        moving ? (
          <>
            {clash && (
              <Button busy={busy} onClick={() => void move(false)}>
                {words.anyway}
              </Button>
            )}
            <Button look="primary" busy={busy} onClick={() => void move(true)}>
              {words.save}
            </Button>
          </>
        ) : (
          <>
            {movable && <Button onClick={() => setMoving(true)}>{words.move}</Button>}
            <ButtonLink look="primary" to={`/meetings/${meeting.id}`}>
              {words.openCall}
            </ButtonLink>
          </>
        )
      }
    >
      <p>
        {formatDay(start, { timeZone })}, {formatTimeRange(start, length, timeZone)}
        {meeting.state === "cancelled" && ` (${calendarStrings.cancelled})`}
      </p>
      {moving && (
        <form
          className={styles["moveFields"]}
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy) void move(true);
          }}
        >
          <TextInput
            type="date"
            label={words.day}
            value={wall.date}
            required
            onChange={(event) => change({ date: event.target.value })}
          />
          <TextInput
            type="time"
            label={words.time}
            value={wall.time}
            required
            onChange={(event) => change({ time: event.target.value })}
          />
          <TextInput
            type="number"
            label={words.minutes}
            value={String(minutes)}
            min={5}
            max={720}
            step={5}
            onChange={(event) => setMinutes(event.target.valueAsNumber)}
          />
          <button type="submit" className="visually-hidden" tabIndex={-1}>
            {words.save}
          </button>
        </form>
      )}
      {problem !== null && <Failure message={problem} />}
    </Dialog>
  );
}
