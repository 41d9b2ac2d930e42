// Schedule: a new call, at a time or now.
import { useRef, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type { PlanSeries } from "../../../shared/schemas/series.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { randomKey } from "../../api/random-key.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { readerTimeZone } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import { AgendaFields, TimeFields, WhatFields } from "./meeting-fields.tsx";
import {
  checkDraft,
  createRequest,
  type DraftProblems,
  emptyDraft,
  type MeetingDraft,
  problemsFromDetails,
} from "./meeting-draft.ts";
import { PeopleRows } from "./people-rows.tsx";
import {
  noSeries,
  obstaclesOf,
  type SeriesDraft,
  type SeriesObstacles,
  seriesRequest,
} from "./series-draft.ts";
import { SeriesFields } from "./series-fields.tsx";
import { scheduleStrings } from "./strings.ts";
import { useFocusFirstProblem } from "./use-focus-first-problem.ts";
import { wallTimeAt } from "../../ui/wall-time.ts";
import styles from "./schedule.module.css";

export function SchedulePage() {
  const navigate = useNavigate();
  const toast = useToast();
  const at = Date.parse(useSearchParams()[0].get("at") ?? "");
  const [draft, setDraft] = useState<MeetingDraft>(() => draftAt(at));
  const [problems, setProblems] = useState<DraftProblems>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [series, setSeries] = useState<SeriesDraft>(noSeries);
  const [obstacles, setObstacles] = useState<SeriesObstacles>(new Map());
  // Somebody has something else then; whoever plans may still want it.
  const [clash, setClash] = useState(false);
  // One key as long as the content stays: pressing again after a lost answer makes no second call.
  const attempt = useRef<{ content: string; key: string }>({ content: "", key: "" });
  const { form, focusFirstProblem } = useFocusFirstProblem();

  const repeats = draft.timing === "later" && series.every !== "never";
  const change = (part: Partial<MeetingDraft>) => {
    setDraft((now) => ({ ...now, ...part }));
    setClash(false);
  };
  const changeSeries = (part: Partial<SeriesDraft>) => {
    setSeries((now) => ({ ...now, ...part }));
    setClash(false);
  };

  function show(found: DraftProblems) {
    setProblems(found);
    setFailure(scheduleStrings.fix);
    focusFirstProblem();
  }

  async function create(anyway: boolean) {
    setFailure(null);
    setClash(false);
    setObstacles(new Map());
    const found = checkDraft(draft);
    if (Object.keys(found).length > 0) {
      show(found);
      return;
    }
    const whole = repeats ? seriesRequest(draft, series, anyway) : null;
    if (repeats && whole === null) {
      setFailure(scheduleStrings.series.say(limits.seriesMaxItems));
      return;
    }
    setProblems({});
    setBusy(true);
    try {
      await navigate(`/meetings/${await (whole === null ? createOne(anyway) : createAll(whole))}`);
    } catch (thrown) {
      const error = toApiError(thrown);
      const named = problemsFromDetails(error.details, draft);
      if (named !== null) show(named);
      else setFailure(error.message);
      setClash(error.code === "CONFLICT");
      setObstacles(obstaclesOf(error.details));
      setBusy(false);
    }
  }

  function keyFor(body: unknown): { idempotencyKey: string } {
    const content = JSON.stringify(body);
    if (attempt.current.content !== content) attempt.current = { content, key: randomKey() };
    return { idempotencyKey: attempt.current.key };
  }

  async function createOne(anyway: boolean): Promise<string> {
    const body = { ...createRequest(draft), ...(anyway ? {} : { onlyIfFree: true }) };
    const meeting = await call(endpoints.createMeeting, { body }, keyFor(body));
    if (draft.timing === "now") await start(meeting.id);
    else {
      const invited = (body.participants ?? []).length > 0;
      toast({ text: invited ? scheduleStrings.created : scheduleStrings.createdAlone });
    }
    return meeting.id;
  }

  async function createAll(body: PlanSeries): Promise<string> {
    const { calls } = await call(endpoints.planSeries, { body }, keyFor(body));
    toast({ text: scheduleStrings.series.created });
    return calls[0]?.meetingId ?? "";
  }

  /** The call exists by now: a failure is told on its page, where it can be started again. */
  async function start(id: MeetingId) {
    try {
      await call(endpoints.startMeeting, { params: { id } });
    } catch (error) {
      toast({ text: scheduleStrings.startFailed(toApiError(error).message), tone: "problem" });
    }
  }

  return (
    <>
      <PageHeader title={scheduleStrings.title} under={scheduleStrings.under} />
      <form
        ref={form}
        className={styles["form"]}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void create(false);
        }}
      >
        <Card title={scheduleStrings.what}>
          <WhatFields draft={draft} problems={problems} onChange={change} />
        </Card>
        <Card title={scheduleStrings.who}>
          <PeopleRows people={draft.people} problems={problems} onChange={(people) => change({ people })} />
        </Card>
        <Card title={scheduleStrings.when}>
          <TimeFields draft={draft} problems={problems} onChange={change} withNow />
          {draft.timing === "later" && (
            <SeriesFields draft={draft} series={series} obstacles={obstacles} onChange={changeSeries} />
          )}
        </Card>
        <Card title={scheduleStrings.after}>
          <AgendaFields draft={draft} problems={problems} onChange={change} />
        </Card>
        {failure !== null && <Failure message={failure} />}
        <div className={styles["submit"]}>
          <Button type="submit" look="primary" size="large" busy={busy}>
            {busy
              ? scheduleStrings.creating
              : draft.timing === "now"
                ? scheduleStrings.createNow
                : repeats
                  ? scheduleStrings.series.create
                  : scheduleStrings.create}
          </Button>
          {clash && (
            <Button size="large" busy={busy} onClick={() => void create(true)}>
              {scheduleStrings.anyway}
            </Button>
          )}
        </div>
      </form>
    </>
  );
}

/** `at` is where somebody pointed at in their calendar; not a number where they did not. */
function draftAt(at: number): MeetingDraft {
  const draft = emptyDraft(new Date(), readerTimeZone());
  return Number.isNaN(at) ? draft : { ...draft, ...wallTimeAt(new Date(at), draft.timeZone) };
}
