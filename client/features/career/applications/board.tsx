// The board: a column for each status, cards that move by pointer, by menu and by arrow keys.
import { ArrowLeftRight } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import type { ApplicationSummary } from "../../../../shared/schemas/career/applications.ts";
import { applicationStatusSchema, type ApplicationStatus } from "../../../../shared/schemas/career/enums.ts";
import { Menu } from "../../../ui/menu.tsx";
import { formatShort } from "../../../ui/times.ts";
import { useNow } from "../../../ui/use-now.ts";
import styles from "./applications.module.css";
import { columnByKey } from "./board-moves.ts";
import { applicationStrings as words, statusNames } from "./strings.ts";

const minuteMs = 60_000;
/** Of our own cards alone. */
const dragType = "application/x-connvo-application";

type Move = (item: ApplicationSummary, status: ApplicationStatus) => void;

export function Board({ items, onMove }: { items: readonly ApplicationSummary[]; onMove: Move }) {
  const [over, setOver] = useState<ApplicationStatus | null>(null);
  const board = useRef<HTMLDivElement>(null);
  const followed = useRef<string | null>(null);
  // A card that moved by a key or the menu is another element in its new column: focus goes along.
  useEffect(() => {
    if (followed.current === null) return;
    board.current?.querySelector<HTMLElement>(`[data-application="${followed.current}"] a`)?.focus();
    followed.current = null;
  });
  const moveAndFollow: Move = (item, status) => {
    followed.current = item.id;
    onMove(item, status);
  };

  function drop(event: DragEvent, status: ApplicationStatus) {
    event.preventDefault();
    setOver(null);
    const item = items.find(({ id }) => id === event.dataTransfer.getData(dragType));
    if (item !== undefined) onMove(item, status);
  }
  return (
    <>
      <p className={styles["quiet"]}>{words.moveHint}</p>
      <div className={styles["board"]} ref={board} tabIndex={0} role="group" aria-label={words.board}>
        {applicationStatusSchema.options.map((status) => {
          const own = items.filter((item) => item.status === status);
          return (
            <section
              key={status}
              className={styles["column"]}
              data-over={over === status || undefined}
              aria-label={words.column(statusNames[status], own.length)}
              onDragOver={(event) => {
                if (!event.dataTransfer.types.includes(dragType)) return;
                event.preventDefault();
                setOver(status);
              }}
              onDragLeave={() => setOver(null)}
              onDrop={(event) => drop(event, status)}
            >
              <h2 className={styles["columnTitle"]}>
                {statusNames[status]} <span className={styles["quiet"]}>{own.length}</span>
              </h2>
              <ul className={styles["cards"]}>
                {own.map((item) => (
                  <BoardCard key={item.id} item={item} onMove={moveAndFollow} />
                ))}
              </ul>
            </section>
          );
        })}
      </div>
    </>
  );
}

function BoardCard({ item, onMove }: { item: ApplicationSummary; onMove: Move }) {
  const now = useNow(minuteMs);
  const { id, posting, status, nextAction, nextActionDue } = item;
  const due = nextActionDue === null ? null : new Date(nextActionDue);
  return (
    <li
      className={styles["card"]}
      data-application={id}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(dragType, id);
        event.dataTransfer.effectAllowed = "move";
      }}
      onKeyDown={(event) => {
        const next = columnByKey(event.key, status);
        if (next === null) return;
        event.preventDefault();
        onMove(item, next);
      }}
    >
      <div className={styles["cardHead"]}>
        <Link to={`/career/applications/${id}`} className={styles["name"]} draggable={false}>
          {posting.title}
        </Link>
        <Menu
          trigger={(ties) => (
            <button type="button" className={styles["menu"]} {...ties}>
              <span className="visually-hidden">{words.move(posting.title)}</span>
              <ArrowLeftRight size={16} aria-hidden />
            </button>
          )}
          header={<p className={styles["quiet"]}>{words.moveTo}</p>}
          items={applicationStatusSchema.options
            .filter((one) => one !== status)
            .map((one) => ({ label: statusNames[one], onSelect: () => onMove(item, one) }))}
        />
      </div>
      {posting.company !== null && <span className={styles["quiet"]}>{posting.company}</span>}
      {nextAction !== null && <span className={styles["next"]}>{nextAction}</span>}
      {due !== null && (
        <time dateTime={due.toISOString()} className={due < now ? styles["late"] : styles["quiet"]}>
          {due < now ? words.overdue(formatShort(due)) : words.due(formatShort(due))}
        </time>
      )}
    </li>
  );
}
