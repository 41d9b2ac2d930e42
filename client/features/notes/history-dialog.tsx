// The history of notes: who changed what when, each change to look at, and a way back.
import { useState } from "react";
import type { MeetingId } from "../../../shared/ids.ts";
import type { NoteRevision } from "../../../shared/schemas/notes.ts";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import styles from "./history.module.css";
import { notesStrings } from "./strings.ts";
import { useHistory } from "./use-history.ts";
import { VersionPanel } from "./version-panel.tsx";

const words = notesStrings.history;

export interface HistoryProps {
  meetingId: MeetingId;
  layer: "shared" | "mine";
}

export function HistoryDialog({
  open,
  onClose,
  ...history
}: HistoryProps & { open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={open}
      wide
      title={history.layer === "shared" ? words.titleShared : words.titleMine}
      onClose={onClose}
    >
      <History {...history} />
    </Dialog>
  );
}

function History({ meetingId, layer }: HistoryProps) {
  const history = useHistory(meetingId, layer);
  const [chosen, setChosen] = useState<number | null>(null);
  const { items } = history;
  if (items === null) {
    return history.error === null ? (
      <Waiting label={words.loading} />
    ) : (
      <Failure error={history.error} onRetry={history.reload} />
    );
  }
  if (items.length === 0) return <EmptyState title={words.empty}>{words.emptyHint}</EmptyState>;
  const newest = items[0]?.version ?? 0;
  const revision = items.find(({ version }) => version === (chosen ?? newest));
  return (
    <div className={styles["history"]}>
      <div className={styles["list"]}>
        <ol className={styles["revisions"]} aria-label={words.list}>
          {items.map((item) => (
            <li key={item.version}>
              <button
                type="button"
                className={classNames(styles["revision"], item === revision && styles["chosen"])}
                aria-current={item === revision}
                onClick={() => setChosen(item.version)}
              >
                <RevisionSummary revision={item} isNewest={item.version === newest} />
              </button>
            </li>
          ))}
        </ol>
        {history.error !== null && <Failure error={history.error} onRetry={history.more} />}
        {history.error === null && history.hasMore && (
          <Button size="small" busy={history.loadingMore} onClick={history.more}>
            {history.loadingMore ? words.loadingMore : words.more}
          </Button>
        )}
      </div>
      {revision === undefined ? (
        <p className={styles["quiet"]}>{words.choose}</p>
      ) : (
        <VersionPanel
          key={revision.version}
          meetingId={meetingId}
          layer={layer}
          revision={revision}
          isNewest={revision.version === newest}
          onRestored={() => {
            setChosen(null);
            history.reload();
          }}
        />
      )}
    </div>
  );
}

function RevisionSummary({ revision, isNewest }: { revision: NoteRevision; isNewest: boolean }) {
  const people = revision.authors
    .filter(({ userId }) => userId !== null)
    .map(({ displayName }) => displayName ?? words.somebodyGone);
  const who = people.length === 0 ? words.template : people.join(", ");
  const kind = { edit: null, template: people.length === 0 ? null : words.template, restore: words.restored }[
    revision.kind
  ];
  const typed = words.typed(revision.insertedChars, revision.deletedChars);
  return (
    <>
      <span className={styles["when"]}>
        {formatShort(new Date(revision.endedAt))}
        {isNewest && ` · ${words.current}`}
      </span>
      <strong className={styles["who"]}>{who}</strong>
      <span className={styles["what"]}>
        {[kind, words.edits(revision.edits), typed === "" ? null : typed]
          .filter((part) => part !== null)
          .join(" · ")}
      </span>
    </>
  );
}
