// The week by hours as a grid: one cell takes the focus, arrow keys move it, Enter or a second tap opens what is there.
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import type { CalendarView } from "../../../shared/schemas/calendar.ts";
import { classNames } from "../../ui/class-names.ts";
import { formatTime, formatWeekday } from "../../ui/times.ts";
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
  /** Which cell had the focus when it was pressed: a second tap or click on it opens. */
  const pressed = useRef<Element | null>(null);

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

  function blockOf(meeting: CalendarMeeting | undefined): HTMLElement | null {
    const blocks = grid.current?.querySelectorAll<HTMLElement>("[data-meeting]") ?? [];
    return [...blocks].find((block) => block.dataset["meeting"] === meeting?.id) ?? null;
  }

  function enter(cell: Cell) {
    const [meeting, ...others] = view.meetings.filter((one) => partIn(cell, one) !== null);
    // Of several the reader chooses one, by arrow keys.
    if (others.length > 0) return blockOf(meeting)?.focus();
    if (meeting !== undefined) return onOpen(meeting);
    void navigate(`/schedule?at=${encodeURIComponent(new Date(cell.startMs).toISOString())}`);
  }

  function onClick(event: MouseEvent, cell: Cell) {
    if (event.target === event.currentTarget && pressed.current === event.currentTarget) enter(cell);
  }

  /** Among the calls that lie beside one in time; Escape goes back to the cell. */
  function onBlockKey(event: KeyboardEvent, meeting: CalendarMeeting) {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step === undefined && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (step === undefined)
      return (event.target as Element).closest<HTMLElement>('[role="gridcell"]')?.focus();
    const beside = view.meetings.filter(
      (one) => one.startsAt < meeting.endsAt && meeting.startsAt < one.endsAt,
    );
    const place = beside.indexOf(meeting) + step;
    blockOf(beside[bounded(place, beside.length - 1)])?.focus();
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
              {clockOf(hour)}
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
                  onPointerDown={() => (pressed.current = document.activeElement)}
                  onClick={(event) => onClick(event, cell)}
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
                      onKey={onBlockKey}
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
  onKey,
}: {
  part: Part | null;
  lane: Lane | undefined;
  meeting: CalendarMeeting;
  timeZone: string;
  onOpen: (meeting: CalendarMeeting) => void;
  onKey: (event: KeyboardEvent, meeting: CalendarMeeting) => void;
}) {
  if (part === null) return null;
  return (
    <>
      <button
        type="button"
        tabIndex={-1}
        data-meeting={meeting.id}
        onKeyDown={(event) => onKey(event, meeting)}
        title={meeting.title}
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
      .map(
        ({ startsAt, title, state }) =>
          `${formatTime(new Date(startsAt), timeZone)} ${title}${state === "cancelled" ? ` (${words.cancelled})` : ""}`,
      ),
    ...(view.busy.some((time) => partIn(cell, time) !== null) ? [words.busy] : []),
    ...(view.open.some((time) => partIn(cell, time) !== null) ? [words.open] : []),
  ].join(", ");
}

function shortDay(date: string): string {
  return formatWeekday(new Date(`${date}T12:00:00Z`), "UTC");
}

/** As the reader's clock says it. */
function clockOf(hour: number): string {
  return formatTime(new Date(hour * 60 * 60_000), "UTC");
}

function bounded(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
