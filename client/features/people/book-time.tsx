// Finding a time with somebody: proposals in both zones, and a call at the one that is picked.
import { CalendarCheck } from "lucide-react";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { Person } from "../../../shared/schemas/people.ts";
import type { SuggestedTimes } from "../../../shared/schemas/scheduling.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { randomKey } from "../../api/random-key.ts";
import { useMe } from "../../api/session.tsx";
import { useRequest } from "../../api/use-request.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Checkbox, Select, TextInput } from "../../ui/field.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatDay, formatTimeRange, zoneCity } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import { limits } from "../../../shared/limits.ts";
import styles from "./people.module.css";
import { peopleStrings } from "./strings.ts";

const words = peopleStrings.book;
const durations = [15, 30, 45, 60, 90] as const;

export function BookTime({ person }: { person: Person }) {
  const [durationMinutes, setDuration] = useState(60);
  const times = useRequest(endpoints.suggestTimes, {
    params: { userId: person.userId },
    query: { durationMinutes },
  });
  return (
    <Card title={words.title}>
      <div className={styles["fields"]}>
        <Select
          label={words.duration}
          value={durationMinutes}
          onChange={(event) => setDuration(Number(event.target.value))}
        >
          {durations.map((minutes) => (
            <option key={minutes} value={minutes}>
              {words.minutes(minutes)}
            </option>
          ))}
        </Select>
        {times.status === "loading" && <Waiting label={peopleStrings.loading} />}
        {times.status === "error" && <Failure error={times.error} onRetry={times.retry} />}
        {times.data !== null && (
          <Choice
            key={durationMinutes}
            person={person}
            durationMinutes={durationMinutes}
            found={times.data}
            onTaken={times.retry}
          />
        )}
      </div>
    </Card>
  );
}

function Choice({
  person,
  durationMinutes,
  found,
  onTaken,
}: {
  person: Person;
  durationMinutes: number;
  found: SuggestedTimes;
  onTaken: () => void;
}) {
  const me = useMe();
  const navigate = useNavigate();
  const toast = useToast();
  const [picked, setPicked] = useState<string | null>(null);
  const [title, setTitle] = useState<string>(words.titleOf(me.displayName, person.displayName));
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // One key as long as the content stays: pressing again after a lost answer makes no second call.
  const attempt = useRef<{ content: string; key: string }>({ content: "", key: "" });

  async function book(startsAt: string) {
    setBusy(true);
    setProblem(null);
    const body = { title, startsAt, durationMinutes, timeZone: found.yourTimeZone };
    const content = JSON.stringify(body);
    if (attempt.current.content !== content) attempt.current = { content, key: randomKey() };
    try {
      const meeting = await call(
        endpoints.bookTime,
        { params: { userId: person.userId }, body },
        { idempotencyKey: attempt.current.key },
      );
      toast({ text: words.booked(person.displayName) });
      await navigate(`/meetings/${meeting.id}`);
    } catch (thrown) {
      const error = toApiError(thrown);
      setBusy(false);
      if (error.code !== "CONFLICT") return setProblem(error.message);
      // Somebody was quicker: what is still free is shown anew.
      toast({ text: error.message, tone: "problem" });
      onTaken();
    }
  }

  if (found.times.length === 0) {
    return (
      <EmptyState icon={CalendarCheck} title={words.none}>
        {words.noneText}
      </EmptyState>
    );
  }
  const sameZone = found.yourTimeZone === found.theirTimeZone;
  return (
    <form
      className={styles["fields"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (picked === null) setProblem(words.pick);
        else if (!busy) void book(picked);
      }}
    >
      {problem !== null && <Failure message={problem} />}
      {found.unknownHours.map((whose) => (
        <p key={whose} className={styles["quiet"]}>
          {whose === "yours" ? words.yoursUnknown : words.theirsUnknown(person.displayName)}
        </p>
      ))}
      <fieldset className={styles["week"]}>
        <legend>{words.times}</legend>
        <div className={styles["slots"]}>
          {found.times.map(({ startsAt }) => {
            const start = new Date(startsAt);
            return (
              <Checkbox
                key={startsAt}
                kind="radio"
                name="startsAt"
                checked={picked === startsAt}
                onChange={() => setPicked(startsAt)}
                label={words.at(
                  formatDay(start, { timeZone: found.yourTimeZone }),
                  formatTimeRange(start, durationMinutes, found.yourTimeZone),
                )}
                {...(sameZone
                  ? {}
                  : {
                      hint: words.theirs(
                        formatDay(start, { timeZone: found.theirTimeZone }),
                        formatTimeRange(start, durationMinutes, found.theirTimeZone),
                        zoneCity(found.theirTimeZone),
                      ),
                    })}
              />
            );
          })}
        </div>
      </fieldset>
      <TextInput
        label={words.callTitle}
        value={title}
        required
        maxLength={limits.titleMaxChars}
        onChange={(event) => setTitle(event.target.value)}
      />
      <div className={styles["save"]}>
        <Button look="primary" type="submit" icon={CalendarCheck} busy={busy}>
          {words.book}
        </Button>
        <span className={styles["quiet"]}>{words.told(person.displayName)}</span>
      </div>
    </form>
  );
}
