// Action items: who, until when, from which words; ticked at once, rolled back visibly where saving fails.
import { CalendarClock, UserRound } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { ActionItem, Insight } from "../../../shared/schemas/insights.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useMe } from "../../api/session.tsx";
import { MilestoneButton } from "../../commitments/milestone-button.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Checkbox } from "../../ui/field.tsx";
import { useToast } from "../../ui/toast.tsx";
import { Citations, MachineCard } from "./cited-parts.tsx";
import styles from "./recap.module.css";
import { recapStrings } from "./strings.ts";

const words = recapStrings.actions;

export interface ActionsCardProps {
  insight: Insight;
  nameOf: (userId: string) => string;
  /** Observers read only. */
  mayTick: boolean;
}

export function ActionsCard({ insight, nameOf, mayTick }: ActionsCardProps) {
  const { isDone, tick } = useTicks(insight);
  const me = useMe();
  return (
    <MachineCard title={words.heading} generatedBy={insight.generatedBy}>
      {insight.actionItems.length === 0 ? (
        <p className={styles["muted"]}>{words.empty}</p>
      ) : (
        <ul className={styles["items"]}>
          {insight.actionItems.map((item) => (
            <li key={item.id}>
              <Checkbox
                checked={isDone(item)}
                disabled={!mayTick}
                onChange={(event) => void tick(item, event.target.checked)}
                label={<span className={isDone(item) ? styles["done"] : styles["open"]}>{item.text}</span>}
              />
              <div className={styles["under"]}>
                <Facts item={item} nameOf={nameOf} />
                {mayTick && item.ownerId === me.id && !isDone(item) && (
                  <div className={styles["notPrinted"]}>
                    <MilestoneButton
                      meetingId={insight.meetingId}
                      actionId={item.id}
                      text={item.text}
                      made={item.milestone}
                    />
                  </div>
                )}
                <Citations citations={item.citations} nameOf={nameOf} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </MachineCard>
  );
}

function Facts({ item, nameOf }: { item: ActionItem; nameOf: (userId: string) => string }) {
  const me = useMe();
  return (
    <p className={styles["facts"]}>
      <Badge icon={UserRound} tone={item.ownerId === me.id ? "accent" : "neutral"}>
        {item.ownerId === null ? words.noOwner : words.owner(nameOf(item.ownerId))}
      </Badge>
      {item.movedTo !== null ? (
        <Badge icon={CalendarClock} tone="warm">
          {words.movedTo(item.movedTo)}
        </Badge>
      ) : (
        item.dueText !== null && (
          <Badge icon={CalendarClock} tone="warm">
            {words.due(item.dueText)}
          </Badge>
        )
      )}
    </p>
  );
}

/** What was ticked here holds until a newer snapshot of the server says how it is. */
function useTicks(insight: Insight) {
  const toast = useToast();
  const [ticks, setTicks] = useState<ReadonlyMap<string, { done: boolean; saved: boolean }>>(new Map());
  const [seen, setSeen] = useState(insight);
  if (seen !== insight) {
    setSeen(insight);
    setTicks(new Map([...ticks].filter(([, tick]) => !tick.saved)));
  }

  async function tick(item: ActionItem, done: boolean) {
    setTicks((now) => new Map(now).set(item.id, { done, saved: false }));
    try {
      await call(endpoints.updateActionItem, {
        params: { id: insight.meetingId, actionId: item.id },
        body: { done },
      });
      setTicks((now) => new Map(now).set(item.id, { done, saved: true }));
    } catch (error) {
      setTicks((now) => new Map([...now].filter(([id]) => id !== item.id)));
      toast({ text: words.failed + toApiError(error).message, tone: "problem" });
    }
  }

  return { tick, isDone: (item: ActionItem) => ticks.get(item.id)?.done ?? item.done };
}
