// Somebody's profile, as far as the reader may see it; it closes at once when they may not any more.
import { Ban, Clock, Ellipsis, UserMinus } from "lucide-react";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { userIdSchema, type UserId } from "../../../shared/ids.ts";
import type { Person } from "../../../shared/schemas/people.ts";
import { useLive } from "../../api/live.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { uiStrings } from "../../ui/strings.ts";
import { formatTime, zoneCity } from "../../ui/times.ts";
import { useNow } from "../../ui/use-now.ts";
import { BookTime } from "./book-time.tsx";
import { toClock } from "../../ui/clock-minutes.ts";
import { ConnectButton, useConnectionChange } from "./connect-button.tsx";
import { languageName } from "./languages.ts";
import styles from "./people.module.css";
import { peopleStrings } from "./strings.ts";

const words = peopleStrings.person;
const minuteMs = 60_000;

export function PersonPage() {
  const { userId } = useParams();
  const parsed = userIdSchema.safeParse(userId);
  // An address that names nobody is answered as one that names somebody hidden.
  return <Known userId={parsed.success ? parsed.data : ("0".repeat(24) as UserId)} />;
}

function Known({ userId }: { userId: UserId }) {
  const person = useLive("person", { userId });
  if (person.status === "loading") return <Waiting label={peopleStrings.loading} />;
  if (person.data === null) {
    return (
      <>
        <PageHeader title={peopleStrings.people.title} />
        <Failure error={person.error} onRetry={person.retry} />
        <p>
          <Link to="/people">{words.back}</Link>
        </p>
      </>
    );
  }
  return <Shown person={person.data} />;
}

function Shown({ person }: { person: Person }) {
  const self = person.connection === "self";
  const { bio, experience, goals, interests, offers, seeks, languages, workingHours } = person;
  const texts = [
    [words.bio, bio],
    [words.experience, experience],
    [words.goals, goals],
  ] as const;
  const lists = [
    [words.offers, offers],
    [words.seeks, seeks],
    [words.interests, interests],
    [words.languages, languages.map(languageName)],
  ] as const;
  const said = texts.filter((text): text is [(typeof texts)[number][0], string] => text[1] !== null);
  const named = lists.filter(([, values]) => values.length > 0);
  return (
    <>
      <PageHeader
        title={person.displayName}
        {...(self ? { under: words.you } : {})}
        actions={
          self ? <ButtonLink to="/account/profile">{words.edit}</ButtonLink> : <Actions person={person} />
        }
      />
      <div className={styles["sections"]}>
        <Card>
          <div className={styles["head"]}>
            <Avatar id={person.userId} name={person.displayName} photo={person.photo} size="huge" />
            <div className={styles["texts"]}>
              {person.timeZone !== null && <LocalTime timeZone={person.timeZone} />}
              {said.length === 0 && named.length === 0 && <p className={styles["quiet"]}>{words.nothing}</p>}
              {named.map(([title, values]) => (
                <div key={title}>
                  <h2 className={styles["small"]}>{title}</h2>
                  <ul className={styles["chips"]}>
                    {values.map((value) => (
                      <li key={value} className={styles["chip"]}>
                        {value}
                      </li>
                    ))}
                  </ul>
                </div>
              ))}
            </div>
          </div>
        </Card>
        {said.map(([title, text]) => (
          <Card key={title} title={title}>
            <p className={styles["said"]}>{text}</p>
          </Card>
        ))}
        {!self && <BookTime person={person} />}
        {workingHours.length > 0 && person.timeZone !== null && (
          <Card title={words.hoursOf(zoneCity(person.timeZone))}>
            <ul className={styles["hours"]}>
              {workingHours.map(({ weekday, fromMinute, toMinute }) => (
                <li key={`${weekday} ${fromMinute}`}>
                  <span className={styles["dayName"]}>{peopleStrings.weekday(weekday)}</span>
                  <span>
                    {toClock(fromMinute)}–{toClock(toMinute)}
                  </span>
                </li>
              ))}
            </ul>
          </Card>
        )}
      </div>
    </>
  );
}

function LocalTime({ timeZone }: { timeZone: string }) {
  const now = useNow(minuteMs);
  return (
    <p className={styles["local"]}>
      <Clock size={16} aria-hidden />
      {words.localTime(formatTime(now, timeZone), zoneCity(timeZone))}
    </p>
  );
}

function Actions({ person }: { person: Person }) {
  const { busy, change } = useConnectionChange(person);
  const [asking, setAsking] = useState(false);
  const { block, blockTitle, blockText, end } = peopleStrings.connect;
  return (
    <>
      <ConnectButton person={person} />
      <Menu
        trigger={(ties) => (
          <button type="button" className={styles["menu"]} {...ties}>
            <span className="visually-hidden">{words.menu(person.displayName)}</span>
            <Ellipsis size={18} aria-hidden />
          </button>
        )}
        items={[
          ...(person.connection === "connected"
            ? [{ label: end, icon: UserMinus, onSelect: () => void change("end") }]
            : []),
          { label: block, icon: Ban, onSelect: () => setAsking(true) },
        ]}
      />
      <Dialog
        open={asking}
        title={blockTitle(person.displayName)}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{uiStrings.cancel}</Button>
            <Button look="danger" busy={busy === "block"} onClick={() => void change("block")}>
              {block}
            </Button>
          </>
        }
      >
        <p>{blockText}</p>
      </Dialog>
    </>
  );
}
