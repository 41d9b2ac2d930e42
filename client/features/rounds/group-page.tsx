// One group for pairing: how its rounds come about, its form, and the history of its rounds.
import { useState } from "react";
import { useParams } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { PairingGroup } from "../../../shared/schemas/matching-rounds.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { Table } from "../../ui/table.tsx";
import { formatShort } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import { GroupForm } from "./group-form.tsx";
import styles from "./rounds.module.css";
import { roundStates, roundsStrings } from "./strings.ts";

const words = roundsStrings.group;

export function GroupPage() {
  const { groupId = "" } = useParams();
  const read = useRequest(endpoints.adminPairingGroup, { params: { groupId } });
  return (
    <>
      {read.data === null && <PageHeader title={roundsStrings.title} />}
      {read.status === "loading" && <Waiting label={words.loading} />}
      {read.status === "error" && <Failure error={read.error} onRetry={read.retry} />}
      {read.data !== null && <Group read={read.data} />}
    </>
  );
}

function Group({ read }: { read: PairingGroup }) {
  const [group, setGroup] = useState(read);
  const [editing, setEditing] = useState(false);
  const [busy, setBusy] = useState(false);
  const toast = useToast();
  const { name, kind, everybody, members, schedule, version, active } = group;

  async function setActive(next: boolean) {
    setBusy(true);
    try {
      const body = { name, kind, everybody, members, schedule, version, active: next };
      setGroup(await call(endpoints.changePairingGroup, { params: { groupId: group.id }, body }));
      toast({ text: next ? words.woken : words.rested });
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <PageHeader
        title={name}
        under={words.facts({
          every: roundsStrings.every(schedule.everyWeeks),
          zone: schedule.timeZone,
          within: schedule.withinDays,
          minutes: schedule.durationMinutes,
        })}
        actions={<ButtonLink to="/admin/matching">{roundsStrings.back}</ButtonLink>}
      />
      <div className={styles["page"]}>
        <Card
          aside={
            <span className={styles["badges"]}>
              {!active && <Badge tone="warm">{roundsStrings.resting}</Badge>}
              <Badge>{roundsStrings.kinds[kind]}</Badge>
              <Badge>{roundsStrings.people(everybody ? null : group.people.length)}</Badge>
            </span>
          }
          title={words.settings}
        >
          {editing ? (
            <GroupForm
              key={version}
              group={group}
              onCancel={() => setEditing(false)}
              onSaved={(saved) => {
                setGroup(saved);
                setEditing(false);
                toast({ text: words.saved });
              }}
            />
          ) : (
            <div className={styles["buttons"]}>
              <Button onClick={() => setEditing(true)}>{words.edit}</Button>
              <Button look="quiet" busy={busy} onClick={() => void setActive(!active)}>
                {active ? words.rest : words.wake}
              </Button>
            </div>
          )}
        </Card>
        <Card title={words.rounds}>
          {group.rounds.length === 0 ? (
            <p className={styles["quiet"]}>{words.noRounds}</p>
          ) : (
            <Table
              label={words.rounds}
              rows={group.rounds}
              keyOf={({ id }) => id}
              columns={[
                { head: words.number, cell: ({ number }) => number },
                { head: words.starts, cell: ({ startsAt }) => formatShort(new Date(startsAt)) },
                {
                  head: words.state,
                  cell: ({ state }) => (
                    <Badge
                      tone={state === "published" ? "success" : state === "skipped" ? "neutral" : "accent"}
                    >
                      {roundStates[state]}
                    </Badge>
                  ),
                },
                {
                  head: words.figures,
                  cell: ({ figures }) => (figures === null ? "" : words.result(figures)),
                },
                {
                  head: <span className="visually-hidden">{roundsStrings.open}</span>,
                  look: "act",
                  cell: ({ id, state, number }) =>
                    state === "skipped" ? null : (
                      <ButtonLink
                        size="small"
                        to={`/admin/matching/rounds/${id}`}
                        aria-label={`${roundsStrings.open}: ${words.number} ${number}`}
                      >
                        {roundsStrings.open}
                      </ButtonLink>
                    ),
                },
              ]}
            />
          )}
        </Card>
      </div>
    </>
  );
}
