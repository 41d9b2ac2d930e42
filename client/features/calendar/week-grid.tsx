// The week by hours as a grid: one cell takes the focus, arrow keys move it, Enter opens what is there.
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import type { CalendarView } from "../../../shared/schemas/calendar.ts";
import { classNames } from "../../ui/class-names.ts";
import { formatTime } from "../../ui/times.ts";
import { wallTimeAt } from "../../ui/wall-time.ts";
import type { CalendarMeeting } from "./calendar-page.tsx";
import styles from "./calendar.module.css";
import { calendarStrings as words } from "./strings.ts";
import { blockFrom, type Cell, type Lane, lanesOf, type Part, partIn, weekCells } from "./week-cells.ts";

const firstShownHour = 7;
const hours = Array.from({ length: 24 }, (_, hour) => hour);

export function WeekGrid({
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
  const navigate = useNavigate();
  const days = useMemo(() => weekCells(monday, timeZone), [monday, timeZone]);
  const lanes = useMemo(() => lanesOf(view.meetings), [view.meetings]);
  const now = wallTimeAt(new Date(), timeZone);
  const todayIndex = days.findIndex((cells) => cells[0]?.date === now.date);
  const [focused, setFocused] = useState({ day: Math.max(0, todayIndex), hour: 9 });
  const grid = useRef<HTMLDivElement>(null);
  const moved = useRef(false);

  useEffect(() => {
    const first = grid.current?.querySelector<HTMLElement>(`[data-hour="${firstShownHour}"]`);
    if (first !== null && first !== undefined && grid.current !== null)
      grid.current.scrollTop = first.offsetTop - grid.current.clientTop - 40;
  }, []);
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    grid.current?.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]')?.focus();
  }, [focused]);

  function enter(cell: Cell) {
    const meeting = view.meetings.find((one) => partIn(cell, one) !== null);
    if (meeting !== undefined) return onOpen(meeting);
    void navigate(`/schedule?at=${encodeURIComponent(new Date(cell.startMs).toISOString())}`);
  }

  function onKeyDown(event: KeyboardEvent, cell: Cell) {
    const { day, hour } = focused;
    const next =
      {
        ArrowLeft: { day: day - 1, hour },
        ArrowRight: { day: day + 1, hour },
        ArrowUp: { day, hour: hour - 1 },
        ArrowDown: { day, hour: hour + 1 },
        Home: { day, hour: 0 },
        End: { day, hour: 23 },
      }[event.key] ?? null;
    if (event.key === "Enter" || event.key === " ") {
      // A button within the cell opens itself.
      if (event.target !== event.currentTarget) return;
      event.preventDefault();
      return enter(cell);
    }
    if (next === null) return;
    event.preventDefault();
    moved.current = true;
    setFocused({ day: bounded(next.day, 6), hour: bounded(next.hour, 23) });
  }

  return (
    <div className={styles["weekFrame"]}>
      <p id="week-hint" className={styles["quiet"]}>
        {words.hint}
      </p>
      <div
        className={styles["week"]}
        role="grid"
        aria-label={words.grid}
        aria-describedby="week-hint"
        aria-rowcount={25}
        ref={grid}
      >
        <div role="row" className={classNames(styles["row"], styles["headRow"])}>
          <span role="columnheader" className={styles["corner"]}>
            <span className="visually-hidden">{words.meeting.time}</span>
          </span>
          {days.map((cells, day) => (
            <span
              key={day}
              role="columnheader"
              className={classNames(styles["dayHead"], day === todayIndex && styles["today"])}
              {...(day === todayIndex ? { "aria-current": "date" as const } : {})}
            >
              {shortDay(cells[0]?.date ?? monday)}
            </span>
          ))}
        </div>
        {hours.map((hour) => (
          <div key={hour} role="row" className={styles["row"]} data-hour={hour}>
            <span role="rowheader" className={styles["hour"]}>
              {`${String(hour).padStart(2, "0")}:00`}
            </span>
            {days.map((cells, day) => {
              const cell = cells[hour];
              if (cell === undefined) return null;
              const here = focused.day === day && focused.hour === hour;
              return (
                <div
                  key={day}
                  role="gridcell"
                  tabIndex={here ? 0 : -1}
                  className={styles["cell"]}
                  aria-label={words.cell(shortDay(cell.date), clockOf(hour), saidOf(cell, view, timeZone))}
                  onFocus={() => setFocused({ day, hour })}
                  onKeyDown={(event) => onKeyDown(event, cell)}
                  onDoubleClick={() => enter(cell)}
                >
                  <Marks cell={cell} times={view.open} look="open" />
                  <Marks cell={cell} times={view.busy} look="busy" />
                  {view.meetings.map((meeting) => (
                    <Block
                      key={meeting.id}
                      part={blockFrom(cell, meeting)}
                      lane={lanes.get(meeting)}
                      meeting={meeting}
                      timeZone={timeZone}
                      onOpen={onOpen}
                    />
                  ))}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      <ul className={styles["legend"]}>
        {(["call", "open", "busy"] as const).map((kind) => (
          <li key={kind}>
            <span className={classNames(styles["swatch"], styles[kind])} aria-hidden />
            {words.legend[kind]}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Marks({ cell, times, look }: { cell: Cell; times: CalendarView["open"]; look: "open" | "busy" }) {
  return times.map((time) => {
    const part = partIn(cell, time);
    return part === null ? null : (
      <span key={time.startsAt} className={styles[look]} style={placeOf(part)} aria-hidden />
    );
  });
}

function Block({
  part,
  lane,
  meeting,
  timeZone,
  onOpen,
}: {
  part: Part | null;
  lane: Lane | undefined;
  meeting: CalendarMeeting;
  timeZone: string;
  onOpen: (meeting: CalendarMeeting) => void;
}) {
  if (part === null) return null;
  return (
    <>
      <button
        type="button"
        tabIndex={-1}
        className={classNames(styles["block"], meeting.state === "cancelled" && styles["cancelled"])}
        style={{ ...placeOf(part), ...besides(lane) }}
        onClick={() => onOpen(meeting)}
      >
        <span className={styles["blockTime"]}>{formatTime(new Date(meeting.startsAt), timeZone)}</span>{" "}
        {meeting.title}
        {meeting.state === "cancelled" && <span className="visually-hidden"> ({words.cancelled})</span>}
      </button>
      {/* Between two that begin in one cell, as its name says them. */}{" "}
    </>
  );
}

function placeOf({ top, height }: Part) {
  return { top: `${top * 100}%`, height: `calc(${height * 100}% - 1px)` };
}

/** Nothing where it has the whole width. */
function besides(lane: Lane | undefined) {
  if (lane === undefined || lane.lanes === 1) return {};
  const width = 100 / lane.lanes;
  return { insetInline: `calc(${lane.lane * width}% + 1px) auto`, width: `calc(${width}% - 2px)` };
}

function saidOf(cell: Cell, view: CalendarView, timeZone: string): string {
  return [
    // As it stands on its block.
    ...view.meetings
      .filter((meeting) => partIn(cell, meeting) !== null)
      .map(({ startsAt, title }) => `${formatTime(new Date(startsAt), timeZone)} ${title}`),
    ...(view.busy.some((time) => partIn(cell, time) !== null) ? [words.busy] : []),
    ...(view.open.some((time) => partIn(cell, time) !== null) ? [words.open] : []),
  ].join(", ");
}

function shortDay(date: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
  }).format(new Date(`${date}T12:00:00Z`));
}

function clockOf(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

function bounded(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
