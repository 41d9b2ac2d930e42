// The saved state in words: always visible, read out only when it matters.
import { CircleAlert, CloudCheck, CloudOff, CloudUpload, Eye, type LucideIcon, RotateCw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { signInAddress } from "../../api/http.ts";
import { Button, ButtonAnchor } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import styles from "./notes.module.css";
import type { NotesSessionState } from "./notes-session.ts";
import { saveView, type SaveView } from "./save-state.ts";
import { notesStrings } from "./strings.ts";

const icons: Record<SaveView, LucideIcon> = {
  connecting: CloudUpload,
  saved: CloudCheck,
  saving: CloudUpload,
  offline: CloudOff,
  "offline-unsaved": CloudOff,
  "read-only": Eye,
  refused: CircleAlert,
  forbidden: CircleAlert,
  "too-big": CircleAlert,
  "signed-out": CircleAlert,
};

export function SaveIndicator({ state }: { state: NotesSessionState }) {
  const view = saveView(state.save);
  const words = wordsFor(view, state);
  const Icon = icons[view];
  const troubled = view !== "saved" && view !== "saving" && view !== "connecting" && view !== "read-only";
  return (
    <div className={styles["saveLine"]}>
      <span className={classNames(styles["save"], troubled && styles["saveTroubled"])} data-save={view}>
        <Icon size={16} aria-hidden />
        {words}
      </span>
      <Announcement view={view} words={words} />
    </div>
  );
}

/** What ended for good, and the way on; nothing otherwise. */
export function SaveTrouble({ state, onReconnect }: { state: NotesSessionState; onReconnect: () => void }) {
  const { connection, refusal } = state.save;
  if (connection.kind === "ended" && connection.reason === "signed-out") {
    return (
      <Trouble words={notesStrings.signedOutWhy}>
        <ButtonAnchor size="small" href={signInAddress(window.location.pathname)}>
          {notesStrings.signIn}
        </ButtonAnchor>
      </Trouble>
    );
  }
  if (connection.kind === "ended") {
    const tooBig = connection.reason === "too-big";
    return (
      <Trouble words={tooBig ? notesStrings.tooBigWhy : notesStrings.forbiddenWhy}>
        {tooBig && (
          <Button size="small" icon={RotateCw} onClick={onReconnect}>
            {notesStrings.reconnect}
          </Button>
        )}
      </Trouble>
    );
  }
  return refusal === null ? null : <Trouble words={refusal} />;
}

function Trouble({ words, children }: { words: string; children?: ReactNode }) {
  return (
    <div className={styles["trouble"]} role="alert">
      <p>{words}</p>
      {children}
    </div>
  );
}

/** Saving and saved change with every key: only leaving and coming back is announced. */
function Announcement({ view, words }: { view: SaveView; words: string }) {
  const [heard, setHeard] = useState<{ view: SaveView; spoken: string; troubled: boolean }>({
    view,
    spoken: "",
    troubled: false,
  });
  if (heard.view !== view) {
    const offline = view === "offline" || view === "offline-unsaved";
    if (offline) setHeard({ view, spoken: words, troubled: true });
    else if (view === "saved" && heard.troubled) {
      setHeard({ view, spoken: notesStrings.backAndSaved, troubled: false });
    } else setHeard({ ...heard, view });
  }
  return (
    <span className="visually-hidden" role="status">
      {heard.spoken}
    </span>
  );
}

function wordsFor(view: SaveView, state: NotesSessionState): string {
  if (view === "offline-unsaved" && !state.keptOnDevice) return notesStrings.offlineNotKept;
  return notesStrings.save[view];
}
