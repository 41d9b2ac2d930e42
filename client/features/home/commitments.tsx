// Open commitments, mine and theirs: ticked at once, undone as easily, rolled back visibly where saving fails.
import { ListChecks } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { actionItemIdSchema } from "../../../shared/ids.ts";
import type { Commitment } from "../../../shared/schemas/meetings.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { MilestoneButton } from "../../commitments/milestone-button.tsx";
import { commitmentStrings } from "../../commitments/strings.ts";
import { Card } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/field.tsx";
import { EmptyState } from "../../ui/notice.tsx";
import { useToast } from "../../ui/toast.tsx";
import { type ShownCommitment, shownCommitments } from "./commitment-list.ts";
import styles from "./home.module.css";
import { MoveCommitment } from "./move-commitment.tsx";
import { homeStrings } from "./strings.ts";

const words = homeStrings.commitments;

export function Commitments({ open }: { open: readonly Commitment[] }) {
  const toast = useToast();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState<{ open: readonly Commitment[]; items: ShownCommitment[] }>({
    open,
    items: shownCommitments(open, ticked, []),
  });
  // A new snapshot has arrived: what was ticked here keeps its place in it.
  if (shown.open !== open) {
    setShown({ open, items: shownCommitments(open, ticked, shown.items) });
  }

  function mark(id: string, done: boolean) {
    const next = new Set(ticked);
    if (done) next.add(id);
    else next.delete(id);
    setTicked(next);
  }

  async function save(commitment: Commitment, done: boolean) {
    mark(commitment.id, done);
    try {
      await call(endpoints.updateActionItem, {
        params: { id: commitment.meetingId, actionId: actionItemIdSchema.parse(commitment.id) },
        body: { done },
      });
      toast({
        text: done ? words.done : words.undone,
        ...(done ? { action: { label: words.undo, run: () => void save(commitment, false) } } : {}),
      });
    } catch (error) {
      setTicked((now) => {
        const back = new Set(now);
        if (done) back.delete(commitment.id);
        else back.add(commitment.id);
        return back;
      });
      toast({ text: words.failed + toApiError(error).message, tone: "problem" });
    }
  }

  const items = shown.items.map(({ commitment }) => ({ commitment, done: ticked.has(commitment.id) }));
  if (items.length === 0) {
    return (
      <Card title={words.heading}>
        <EmptyState icon={ListChecks} title={words.emptyTitle}>
          {words.empty}
        </EmptyState>
      </Card>
    );
  }
  const onTick = (commitment: Commitment, done: boolean) => void save(commitment, done);
  return (
    <Card title={words.heading}>
      <Group
        title={words.mine}
        none={words.noneMine}
        items={items.filter(({ commitment }) => commitment.mine)}
        onTick={onTick}
      />
      <Group
        title={words.theirs}
        none={words.noneTheirs}
        items={items.filter(({ commitment }) => !commitment.mine)}
        onTick={onTick}
      />
    </Card>
  );
}

interface GroupProps {
  title: string;
  none: string;
  items: ShownCommitment[];
  onTick: (commitment: Commitment, done: boolean) => void;
}

function Group({ title, none, items, onTick }: GroupProps) {
  return (
    <div className={styles["group"]}>
      <h3 className={styles["groupTitle"]}>{title}</h3>
      {items.length === 0 && <p className={styles["muted"]}>{none}</p>}
      <ul className={styles["ticks"]}>
        {items.map(({ commitment, done }) => (
          <li key={commitment.id}>
            <Checkbox
              checked={done}
              onChange={(event) => onTick(commitment, event.target.checked)}
              label={<span className={done ? styles["done"] : undefined}>{commitment.text}</span>}
            />
            <p className={styles["under"]}>
              {!commitment.mine && `${commitment.ownerName ?? words.unowned} · `}
              {commitment.movedTo !== null
                ? `${words.movedTo(commitmentStrings.day(commitment.movedTo))} · `
                : commitment.dueText !== null && `${words.due(commitment.dueText)} · `}
              {words.from}{" "}
              <Link to={`/meetings/${commitment.meetingId}/recap`}>{commitment.meetingTitle}</Link>
            </p>
            {!done && (
              <div className={styles["underMove"]}>
                <MoveCommitment commitment={commitment} />
                {commitment.mine && (
                  <MilestoneButton
                    meetingId={commitment.meetingId}
                    actionId={actionItemIdSchema.parse(commitment.id)}
                    text={commitment.text}
                    made={commitment.milestone}
                  />
                )}
              </div>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
