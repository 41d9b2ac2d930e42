// Settings of one's calendar: days that are different, reminders, the secret address, and another calendar's busy times.
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import {
  type CalendarSettings,
  type ChangeCalendar,
  reminderChoices,
} from "../../../shared/schemas/calendar.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { useToast } from "../../ui/toast.tsx";
import styles from "./calendar.module.css";
import { DaysCard } from "./days-card.tsx";
import { BusyCard, FeedCard } from "./outside-cards.tsx";
import { calendarStrings } from "./strings.ts";

const words = calendarStrings.setup;

/** Runs a change, shows its failure, and takes what the server answers. */
export type Save = (change: () => Promise<CalendarSettings>, done?: string) => Promise<boolean>;

export function CalendarSettingsPage() {
  const found = useRequest(endpoints.calendarSettings, {});
  return (
    <>
      <PageHeader
        title={words.title}
        under={words.under}
        actions={
          <ButtonLink to="/calendar" icon={ArrowLeft}>
            {words.back}
          </ButtonLink>
        }
      />
      {found.status === "loading" && <Waiting label={words.loading} />}
      {found.status === "error" && <Failure error={found.error} onRetry={found.retry} />}
      {found.data !== null && <Cards start={found.data} />}
    </>
  );
}

function Cards({ start }: { start: CalendarSettings }) {
  const toast = useToast();
  const [settings, setSettings] = useState(start);
  const save: Save = async (change, done = words.saved) => {
    try {
      setSettings(await change());
      toast({ text: done });
      return true;
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
      return false;
    }
  };
  const put = (body: ChangeCalendar) => save(() => call(endpoints.changeCalendar, { body }));
  return (
    <div className={styles["sections"]}>
      <DaysCard days={settings.exceptions} onChange={(exceptions) => put({ exceptions })} />
      <RemindersCard
        key={settings.reminders.join(",")}
        chosen={settings.reminders}
        onSave={(reminders) => put({ reminders })}
      />
      <FeedCard settings={settings} save={save} />
      <BusyCard settings={settings} save={save} />
    </div>
  );
}

function RemindersCard({
  chosen,
  onSave,
}: {
  chosen: readonly number[];
  onSave: (minutes: number[]) => Promise<boolean>;
}) {
  const [draft, setDraft] = useState<readonly number[]>(chosen);
  const [busy, setBusy] = useState(false);
  const changed = draft.toSorted().join(",") !== chosen.toSorted().join(",");
  return (
    <Card title={words.reminders.title}>
      <form
        className={styles["fields"]}
        onSubmit={(event) => {
          event.preventDefault();
          setBusy(true);
          void onSave([...draft]).finally(() => setBusy(false));
        }}
      >
        <p className={styles["quiet"]}>{words.reminders.hint}</p>
        <div className={styles["checks"]}>
          {reminderChoices.toReversed().map((minutes) => (
            <Checkbox
              key={minutes}
              label={words.reminders.before(minutes)}
              checked={draft.includes(minutes)}
              onChange={(event) =>
                setDraft(
                  event.target.checked ? [...draft, minutes] : draft.filter((other) => other !== minutes),
                )
              }
            />
          ))}
        </div>
        <div className={styles["row2"]}>
          <Button type="submit" look="primary" busy={busy} disabled={!changed}>
            {words.save}
          </Button>
        </div>
      </form>
    </Card>
  );
}
