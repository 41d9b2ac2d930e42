// One change of the notes: what came and went, against the version before or the present, and the way back to it.
import { Minus, Plus, RotateCcw } from "lucide-react";
import { useRef, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { NoteRevision } from "../../../shared/schemas/notes.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { randomKey } from "../../api/random-key.ts";
import { useRequest } from "../../api/use-request.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/field.tsx";
import { Failure, Notice } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { uiStrings } from "../../ui/strings.ts";
import { useToast } from "../../ui/toast.tsx";
import type { HistoryProps } from "./history-dialog.tsx";
import styles from "./history.module.css";
import { notesStrings } from "./strings.ts";
import { type VersionPart, versionParts } from "./version-view.ts";

const words = notesStrings.history;

interface VersionPanelProps extends HistoryProps {
  revision: NoteRevision;
  isNewest: boolean;
  onRestored: () => void;
}

export function VersionPanel({ meetingId, layer, revision, isNewest, onRestored }: VersionPanelProps) {
  const [against, setAgainst] = useState<"change" | "now">("change");
  const { version, fromVersion } = revision;
  const request = useRequest(endpoints.readNotesVersion, {
    params: { id: meetingId, version },
    query: { layer, ...(against === "change" ? { compareWith: fromVersion } : {}) },
  });
  const { data } = request;
  const parts = data === null ? [] : versionParts(data.earlierText, data.changes);
  const differs = parts.some(({ kind }) => kind === "added" || kind === "removed");
  return (
    <div className={styles["version"]}>
      {!isNewest && (
        <fieldset className={styles["against"]}>
          <legend className="visually-hidden">{words.compare}</legend>
          {(["change", "now"] as const).map((choice) => (
            <Checkbox
              key={choice}
              kind="radio"
              name={`compare-${version}`}
              label={words.what[choice]}
              checked={against === choice}
              onChange={() => setAgainst(choice)}
            />
          ))}
        </fieldset>
      )}
      {request.status === "loading" && <Waiting label={words.loadingVersion} />}
      {request.status === "error" && <Failure error={request.error} onRetry={request.retry} />}
      {data !== null && (
        <>
          <p className={styles["legend"]}>
            <ins>
              <Plus size={12} aria-hidden />
              {words.legend.added}
            </ins>
            <del>
              <Minus size={12} aria-hidden />
              {words.legend.removed}
            </del>
          </p>
          {!differs && <p className={styles["quiet"]}>{words.noDifference}</p>}
          <div className={styles["text"]} role="region" aria-label={words.region} tabIndex={0}>
            {parts.map((part, index) => (
              <Part key={index} part={part} />
            ))}
          </div>
          {!isNewest && (
            <Restore meetingId={meetingId} layer={layer} version={version} onRestored={onRestored} />
          )}
        </>
      )}
    </div>
  );
}

function Part({ part }: { part: VersionPart }) {
  if (part.kind === "same") return <span>{part.text}</span>;
  if (part.kind === "folded") {
    return <span className={styles["folded"]}>{words.unchangedLines(part.lines)}</span>;
  }
  // Marked by line and word as well as by colour; said in words to who does not see it.
  const Mark = part.kind === "added" ? "ins" : "del";
  return (
    <Mark>
      <span className="visually-hidden">
        {part.kind === "added" ? words.addedHidden : words.removedHidden}
      </span>
      {part.text}
      <span className="visually-hidden">{words.endHidden}</span>
    </Mark>
  );
}

interface RestoreProps extends HistoryProps {
  version: number;
  onRestored: () => void;
}

function Restore({ meetingId, layer, version, onRestored }: RestoreProps) {
  const toast = useToast();
  const [step, setStep] = useState<"idle" | "asking" | "busy">("idle");
  const [failure, setFailure] = useState<string | null>(null);
  // One key for this version: pressing again after a lost answer restores no second time.
  const clientKey = useRef<string | null>(null);

  async function restore() {
    setStep("busy");
    setFailure(null);
    clientKey.current ??= randomKey();
    try {
      const { changed } = await call(endpoints.restoreNotesVersion, {
        params: { id: meetingId, version },
        body: { clientKey: clientKey.current, layer },
      });
      toast({ text: changed ? words.done : words.same });
      onRestored();
    } catch (error) {
      setFailure(toApiError(error).message);
      setStep("asking");
    }
  }

  if (step === "idle") {
    return (
      <div className={styles["restore"]}>
        <Button icon={RotateCcw} onClick={() => setStep("asking")}>
          {words.restore}
        </Button>
      </div>
    );
  }
  return (
    <>
      {failure !== null && <Failure message={failure} />}
      <Notice
        tone="warm"
        live
        actions={
          <div className={styles["restore"]}>
            <Button size="small" onClick={() => setStep("idle")}>
              {uiStrings.cancel}
            </Button>
            <Button
              size="small"
              look="primary"
              autoFocus
              busy={step === "busy"}
              onClick={() => void restore()}
            >
              {step === "busy" ? words.restoring : words.confirmed}
            </Button>
          </div>
        }
      >
        <p>{words.confirm}</p>
      </Notice>
    </>
  );
}
