// How often a call repeats, and the days on which it does: each can be left out.
import { limits } from "../../../shared/limits.ts";
import { seriesRhythms } from "../../../shared/series.ts";
import { Checkbox, Select, TextInput } from "../../ui/field.tsx";
import { formatDay, formatTime, readerTimeZone } from "../../ui/times.ts";
import type { MeetingDraft } from "./meeting-draft.ts";
import { type SeriesDraft, type SeriesObstacles, startsOf } from "./series-draft.ts";
import styles from "./schedule.module.css";
import { scheduleStrings } from "./strings.ts";

const words = scheduleStrings.series;

export function SeriesFields({
  draft,
  series,
  obstacles,
  onChange,
}: {
  draft: MeetingDraft;
  series: SeriesDraft;
  obstacles: SeriesObstacles;
  onChange: (part: Partial<SeriesDraft>) => void;
}) {
  const starts = startsOf(draft, series);
  const repeats = series.every !== "never";
  return (
    <>
      <div className={styles["times"]}>
        <Select
          label={words.repeats}
          value={series.every}
          onChange={(event) => onChange({ every: event.target.value as SeriesDraft["every"] })}
        >
          {(["never", ...seriesRhythms] as const).map((every) => (
            <option key={every} value={every}>
              {words.every[every]}
            </option>
          ))}
        </Select>
        {repeats && (
          <Select
            label={words.ends}
            value={series.ends}
            onChange={(event) => onChange({ ends: event.target.value as SeriesDraft["ends"] })}
          >
            <option value="count">{words.afterCount}</option>
            <option value="until">{words.onDay}</option>
          </Select>
        )}
        {repeats && series.ends === "count" && (
          <TextInput
            type="number"
            label={words.count}
            value={Number.isNaN(series.count) ? "" : String(series.count)}
            min={2}
            max={limits.seriesMaxItems}
            onChange={(event) => onChange({ count: event.target.valueAsNumber })}
          />
        )}
        {repeats && series.ends === "until" && (
          <TextInput
            type="date"
            label={words.until}
            value={series.until}
            min={draft.date}
            onChange={(event) => onChange({ until: event.target.value })}
          />
        )}
      </div>
      {repeats &&
        (starts === null ? (
          <p className={styles["muted"]}>{words.say(limits.seriesMaxItems)}</p>
        ) : (
          <Days {...{ draft, series, obstacles, starts, onChange }} />
        ))}
    </>
  );
}

function Days({
  draft,
  series,
  obstacles,
  starts,
  onChange,
}: Parameters<typeof SeriesFields>[0] & { starts: readonly Date[] }) {
  const { timeZone } = draft;
  const elsewhere = timeZone !== readerTimeZone();
  const kept = starts.filter((at) => !series.left.includes(at.toISOString())).length;
  return (
    <fieldset className={styles["days"]}>
      <legend className={styles["legend"]}>{words.days(kept)}</legend>
      <p className={styles["muted"]}>{words.daysHint}</p>
      <ul>
        {starts.map((at) => {
          const key = at.toISOString();
          const obstacle = obstacles.get(key);
          const own = elsewhere ? ` (${words.yours(formatTime(at))})` : "";
          return (
            <li key={key}>
              <Checkbox
                label={`${formatDay(at, { timeZone })}, ${formatTime(at, timeZone)}${own}`}
                {...(obstacle === undefined ? {} : { hint: words.obstacles[obstacle] })}
                checked={!series.left.includes(key)}
                onChange={(event) =>
                  onChange({
                    left: event.target.checked
                      ? series.left.filter((other) => other !== key)
                      : [...series.left, key],
                  })
                }
              />
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
