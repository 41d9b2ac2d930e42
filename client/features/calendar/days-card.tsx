// Days that are not as usual: away, or with other hours; several ranges of a day are added one by one.
import { Plus, X } from "lucide-react";
import { useState } from "react";
import type { DayExceptionInput } from "../../../shared/schemas/calendar.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Select, TextInput } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { formatDay } from "../../ui/times.ts";
import { fromClock, toClock } from "../../ui/clock-minutes.ts";
import { useRowFocus } from "../../ui/use-row-focus.ts";
import styles from "./calendar.module.css";
import { calendarStrings } from "./strings.ts";

const words = calendarStrings.setup.days;

export function DaysCard({
  days,
  onChange,
}: {
  days: readonly DayExceptionInput[];
  onChange: (days: DayExceptionInput[]) => Promise<boolean>;
}) {
  const [date, setDate] = useState("");
  const [away, setAway] = useState(true);
  const [from, setFrom] = useState("09:00");
  const [to, setTo] = useState("17:00");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const list = useRowFocus(days.length);

  async function change(next: DayExceptionInput[]) {
    setBusy(true);
    const done = await onChange(next);
    setBusy(false);
    if (done) setDate("");
  }

  function add() {
    const [fromMinute, toMinute] = [fromClock(from), fromClock(to, { asEnd: true })];
    const complete = fromMinute !== null && toMinute !== null && fromMinute < toMinute;
    if (date === "" || (!away && !complete)) return setProblem(words.bad);
    setProblem(null);
    const before = days.find((day) => day.date === date)?.ranges ?? [];
    const ranges = away || !complete ? [] : [...before, { fromMinute, toMinute }];
    void change([...days.filter((day) => day.date !== date), { date, ranges }]);
  }

  return (
    <Card title={words.title}>
      <div className={styles["fields"]}>
        <p className={styles["quiet"]}>{words.hint}</p>
        {days.length === 0 && <p className={styles["quiet"]}>{words.none}</p>}
        <ul className={styles["days"]} {...list}>
          {days.map((day) => {
            const name = formatDay(new Date(`${day.date}T12:00:00Z`), { timeZone: "UTC" });
            const hours = day.ranges.map(
              ({ fromMinute, toMinute }) => `${toClock(fromMinute)}–${toClock(toMinute)}`,
            );
            return (
              <li key={day.date}>
                <span>
                  {name}: {hours.length === 0 ? words.awayOn : hours.join(", ")}
                </span>
                <IconButton
                  icon={X}
                  look="quiet"
                  label={words.remove(name)}
                  busy={busy}
                  onClick={() => void change(days.filter((other) => other.date !== day.date))}
                />
              </li>
            );
          })}
        </ul>
        <form
          className={styles["addDay"]}
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy) add();
          }}
        >
          <TextInput
            type="date"
            label={words.date}
            value={date}
            onChange={(event) => setDate(event.target.value)}
          />
          <Select
            label={words.kind}
            value={away ? "away" : "hours"}
            onChange={(event) => setAway(event.target.value === "away")}
          >
            <option value="away">{words.away}</option>
            <option value="hours">{words.hours}</option>
          </Select>
          {!away && (
            <>
              <TextInput
                type="time"
                label={words.from}
                value={from}
                onChange={(event) => setFrom(event.target.value)}
              />
              <TextInput
                type="time"
                label={words.to}
                value={to}
                onChange={(event) => setTo(event.target.value)}
              />
            </>
          )}
          <Button type="submit" icon={Plus} busy={busy}>
            {words.add}
          </Button>
        </form>
        {problem !== null && <Failure message={problem} />}
      </div>
    </Card>
  );
}
