// The hours of a usual week: for each day its ranges, added and removed by keyboard as by touch.
import { Plus, X } from "lucide-react";
import type { WeekRange } from "../../../shared/week.ts";
import { weekRangesMost } from "../../../shared/week.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { TextInput } from "../../ui/field.tsx";
import { fromClock, nextRange, toClock, usualWeek } from "../../ui/clock-minutes.ts";
import styles from "./people.module.css";
import { peopleStrings } from "./strings.ts";

const words = peopleStrings.profile;
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

export function WeekInput({
  week,
  onChange,
}: {
  week: readonly WeekRange[];
  onChange: (week: WeekRange[]) => void;
}) {
  const replace = (before: WeekRange, change: Partial<WeekRange>) =>
    onChange(week.map((range) => (range === before ? { ...range, ...change } : range)));
  return (
    <fieldset className={styles["week"]}>
      <legend>{words.hours}</legend>
      <p className={styles["quiet"]}>{words.hoursHint}</p>
      {week.length === 0 && <Button onClick={() => onChange([...usualWeek])}>{words.usual}</Button>}
      <ul className={styles["days"]}>
        {weekdays.map((weekday) => {
          const day = peopleStrings.weekday(weekday);
          const ranges = week.filter((range) => range.weekday === weekday);
          const next = nextRange(week, weekday);
          return (
            <li key={weekday} className={styles["day"]}>
              <span className={styles["dayName"]}>{day}</span>
              <div className={styles["ranges"]}>
                {ranges.length === 0 && <span className={styles["quiet"]}>{words.none}</span>}
                {ranges.map((range, index) => (
                  <div key={index} className={styles["range"]}>
                    <TextInput
                      type="time"
                      label={words.from(day)}
                      labelHidden
                      value={toClock(range.fromMinute)}
                      onChange={(event) => {
                        const minute = fromClock(event.target.value);
                        if (minute !== null) replace(range, { fromMinute: minute });
                      }}
                    />
                    <span aria-hidden>–</span>
                    <TextInput
                      type="time"
                      label={words.to(day)}
                      labelHidden
                      value={toClock(range.toMinute)}
                      onChange={(event) => {
                        const minute = fromClock(event.target.value, { asEnd: true });
                        if (minute !== null) replace(range, { toMinute: minute });
                      }}
                    />
                    <IconButton
                      icon={X}
                      look="quiet"
                      label={words.removeHours(day, toClock(range.fromMinute), toClock(range.toMinute))}
                      onClick={() => onChange(week.filter((other) => other !== range))}
                    />
                  </div>
                ))}
              </div>
              <IconButton
                icon={Plus}
                look="quiet"
                label={words.addHours(day)}
                disabled={next === null || week.length >= weekRangesMost}
                onClick={() => {
                  if (next !== null) onChange([...week, next]);
                }}
              />
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
