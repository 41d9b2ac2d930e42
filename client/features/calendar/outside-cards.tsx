// One's calls in another calendar, by a secret address, and another calendar's busy times here.
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { CalendarSettings } from "../../../shared/schemas/calendar.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { TextInput } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { formatDay, formatShort } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import styles from "./calendar.module.css";
import type { Save } from "./settings-page.tsx";
import { calendarStrings } from "./strings.ts";

const words = calendarStrings.setup;

export function FeedCard({ settings, save }: { settings: CalendarSettings; save: Save }) {
  const toast = useToast();
  const [url, setUrl] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { feedSince } = settings;

  async function make() {
    setBusy(true);
    await save(async () => {
      const made = await call(endpoints.makeFeed);
      setUrl(made.url);
      return await call(endpoints.calendarSettings);
    });
    setBusy(false);
  }

  async function copy(address: string) {
    try {
      await navigator.clipboard.writeText(address);
      toast({ text: words.feed.copied });
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    }
  }

  return (
    <Card title={words.feed.title}>
      <div className={styles["fields"]}>
        <p className={styles["quiet"]}>{words.feed.hint}</p>
        {url !== null ? (
          <>
            <Notice tone="warm" title={words.feed.address} live />
            <TextInput
              label={words.feed.field}
              value={url}
              readOnly
              onFocus={(event) => event.target.select()}
            />
            <div className={styles["row2"]}>
              <Button look="primary" onClick={() => void copy(url)}>
                {words.feed.copy}
              </Button>
            </div>
          </>
        ) : (
          <p>{feedSince === null ? words.feed.none : words.feed.since(formatDay(new Date(feedSince)))}</p>
        )}
        <div className={styles["row2"]}>
          <Button busy={busy} onClick={() => void make()}>
            {feedSince === null ? words.feed.make : words.feed.renew}
          </Button>
          {feedSince !== null && (
            <Button
              look="quiet"
              onClick={() => {
                setUrl(null);
                void save(() => call(endpoints.revokeFeed), words.feed.revoked);
              }}
            >
              {words.feed.revoke}
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}

export function BusyCard({ settings, save }: { settings: CalendarSettings; save: Save }) {
  const [address, setAddress] = useState("");
  const [busy, setBusy] = useState(false);
  const { busyFrom } = settings;
  const run = (change: () => Promise<CalendarSettings>, done?: string) => {
    setBusy(true);
    void save(change, done).finally(() => setBusy(false));
  };
  return (
    <Card title={words.busy.title}>
      <div className={styles["fields"]}>
        <p className={styles["quiet"]}>{words.busy.hint}</p>
        {busyFrom === null ? (
          <form
            className={styles["fields"]}
            onSubmit={(event) => {
              event.preventDefault();
              if (!busy && address.trim() !== "")
                run(() => call(endpoints.setBusyFrom, { body: { address } }));
            }}
          >
            <TextInput
              type="text"
              inputMode="url"
              autoComplete="off"
              label={words.busy.field}
              value={address}
              placeholder="https://"
              onChange={(event) => setAddress(event.target.value)}
            />
            <div className={styles["row2"]}>
              <Button type="submit" look="primary" busy={busy}>
                {words.busy.add}
              </Button>
            </div>
          </form>
        ) : (
          <>
            <p>{words.busy.from(busyFrom.host)}</p>
            {busyFrom.readAt === null ? (
              <p className={styles["quiet"]}>{words.busy.waiting}</p>
            ) : busyFrom.problem === null ? (
              <p className={styles["quiet"]}>
                {words.busy.read(formatShort(new Date(busyFrom.readAt)), busyFrom.times)}
              </p>
            ) : (
              <Notice tone="warm" title={words.busy.problem(busyFrom.problem)} />
            )}
            <div className={styles["row2"]}>
              <Button busy={busy} onClick={() => run(() => call(endpoints.calendarSettings))}>
                {words.busy.again}
              </Button>
              <Button
                look="quiet"
                onClick={() => run(() => call(endpoints.removeBusyFrom), words.busy.removed)}
              >
                {words.busy.remove}
              </Button>
            </div>
          </>
        )}
      </div>
    </Card>
  );
}
