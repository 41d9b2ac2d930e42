// A round as tables: what the picture shows, and what it cannot.
import { Link } from "react-router";
import type { PairingRound } from "../../../shared/schemas/matching-rounds.ts";
import { Badge } from "../../ui/badge.tsx";
import { Table } from "../../ui/table.tsx";
import { formatShort } from "../../ui/times.ts";
import styles from "./rounds.module.css";
import { factorNames, roundsStrings } from "./strings.ts";

const words = roundsStrings.round;
const reasonsMost = 3;

export function PairsTable({ round, nameOf }: { round: PairingRound; nameOf: (id: string) => string }) {
  return (
    <Table
      label={words.pairs}
      rows={round.groups}
      keyOf={({ people }) => people.join()}
      columns={[
        {
          head: words.who,
          cell: ({ people, state, meetingId }) => {
            const names = people.map(nameOf).join(", ");
            return (
              <>
                {meetingId === null ? names : <Link to={`/meetings/${meetingId}`}>{names}</Link>}{" "}
                {words.stateOf[state] !== "" && (
                  <Badge tone={state === "void" ? "warm" : "accent"}>{words.stateOf[state]}</Badge>
                )}
              </>
            );
          },
        },
        {
          head: words.when,
          cell: ({ startsAt }) => (startsAt === null ? words.findsTime : formatShort(new Date(startsAt))),
        },
        {
          head: words.fit,
          look: "figure",
          cell: ({ pairs }) => words.percent(meanOf(pairs.map(({ score }) => score))),
        },
        {
          head: words.why,
          cell: ({ pairs }) => (
            <>
              <ul className={styles["reasons"]}>
                {reasonsOf(pairs).map(({ factor, share }) => (
                  <li key={factor}>
                    {factorNames[factor]} ({words.percent(share)})
                  </li>
                ))}
              </ul>
              {reasonsOf(pairs).length === 0 && <span className={styles["quiet"]}>{words.noWhy}</span>}
              {pairs.some(({ repeat }) => repeat) && <Badge tone="warm">{words.repeat}</Badge>}
            </>
          ),
        },
      ]}
    />
  );
}

export function AloneTable({
  alone,
  nameOf,
}: {
  alone: PairingRound["alone"];
  nameOf: (id: string) => string;
}) {
  return (
    <Table
      label={words.alone}
      rows={alone}
      keyOf={({ userId }) => userId}
      columns={[
        { head: words.who, cell: ({ userId }) => nameOf(userId) },
        {
          head: words.why,
          cell: ({ reason, widen }) => (
            <>
              {words.aloneWhy[reason]}
              {widen.map(({ constraint, people }) => (
                <div key={constraint} className={styles["quiet"]}>
                  {words.widen[constraint](people)}
                </div>
              ))}
            </>
          ),
        },
      ]}
    />
  );
}

type Pairs = PairingRound["groups"][number]["pairs"];

/** Over all pairs of a group, the strongest first. */
function reasonsOf(pairs: Pairs): Pairs[number]["reasons"] {
  const shares = new Map<Pairs[number]["reasons"][number]["factor"], number>();
  for (const { reasons } of pairs)
    for (const { factor, share } of reasons)
      shares.set(factor, (shares.get(factor) ?? 0) + share / pairs.length);
  return [...shares]
    .map(([factor, share]) => ({ factor, share }))
    .sort((a, b) => b.share - a.share)
    .slice(0, reasonsMost);
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
