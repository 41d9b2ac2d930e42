// One's own rounds of pairing: when the next one is, whether one takes part, and whom one meets.
import { CalendarHeart, Handshake } from "lucide-react";
import { useId, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import {
  pairingStaySchema,
  type OwnPairing,
  type PairingStay,
} from "../../../shared/schemas/matching-rounds.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/field.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import styles from "./rounds.module.css";
import { roundsStrings } from "./strings.ts";

const words = roundsStrings.own;
type OwnGroup = OwnPairing["groups"][number];

export function OwnRoundsPage() {
  const read = useRequest(endpoints.ownPairing, {});
  return (
    <>
      <PageHeader
        title={words.title}
        under={words.under}
        actions={
          <ButtonLink to="/match" look="quiet" icon={Handshake}>
            {words.now}
          </ButtonLink>
        }
      />
      {read.status === "loading" && <Waiting label={words.loading} />}
      {read.status === "error" && <Failure error={read.error} onRetry={read.retry} />}
      {read.data !== null && <OwnGroups read={read.data} />}
    </>
  );
}

function OwnGroups({ read }: { read: OwnPairing }) {
  const [own, setOwn] = useState(read);
  if (own.groups.length === 0)
    return (
      <EmptyState icon={CalendarHeart} title={words.emptyTitle}>
        {words.empty}
      </EmptyState>
    );
  return (
    <ul className={styles["list"]}>
      {own.groups.map((group) => (
        <li key={group.id}>
          <OwnGroupCard group={group} onChanged={setOwn} />
        </li>
      ))}
    </ul>
  );
}

function OwnGroupCard({ group, onChanged }: { group: OwnGroup; onChanged: (own: OwnPairing) => void }) {
  const [busy, setBusy] = useState(false);
  const name = useId();
  const toast = useToast();
  const { next, meeting } = group;

  async function change(stay: PairingStay) {
    setBusy(true);
    try {
      onChanged(await call(endpoints.changeOwnPairing, { params: { groupId: group.id }, body: { stay } }));
      toast({ text: words.saved[stay] });
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    } finally {
      setBusy(false);
    }
  }

  return (
    <Card title={group.name} aside={<Badge>{roundsStrings.kinds[group.kind]}</Badge>}>
      <div className={styles["facts"]}>
        <span>
          {next === null
            ? words.none
            : words.next(formatShort(new Date(next.startsAt)), formatShort(new Date(next.fixedAt)))}
        </span>
        {meeting !== null && (
          <span>
            {words.meet(
              meeting.people.map((person) => person.name).join(", ") || words.anybody,
              meeting.startsAt === null ? null : formatShort(new Date(meeting.startsAt)),
            )}
          </span>
        )}
      </div>
      <fieldset className={styles["fieldset"]}>
        <legend className="visually-hidden">{words.legend(group.name)}</legend>
        {pairingStaySchema.options
          .filter((stay) => stay !== "next" || next !== null || group.stay === "next")
          .map((stay) => (
            <Checkbox
              key={stay}
              kind="radio"
              name={name}
              label={words.stay[stay]}
              checked={group.stay === stay}
              busy={busy}
              onChange={() => void change(stay)}
            />
          ))}
      </fieldset>
      {meeting !== null && (
        <div className={styles["buttons"]}>
          <ButtonLink to={`/meetings/${meeting.meetingId}`}>{words.call}</ButtonLink>
        </div>
      )}
    </Card>
  );
}
