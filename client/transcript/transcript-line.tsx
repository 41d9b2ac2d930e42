// One line of a transcript: who, when, what; and, for those who may, a way to correct it.
import { Pencil } from "lucide-react";
import { Link } from "react-router";
import { Avatar } from "../ui/avatar.tsx";
import { IconButton } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { formatTimeline } from "../ui/times.ts";
import { type EditorPart, LineEditor } from "./line-editor.tsx";
import { markedParts, type ShownLine } from "./lines.ts";
import { type LineRights, mayEdit, maySeeHistory } from "./rights.ts";
import { transcriptStrings as words } from "./strings.ts";
import styles from "./transcript.module.css";

/** What all lines of a list have in common. */
export interface LinesLook {
  query: string;
  nameOf: (userId: string) => string;
  /** Null: nobody corrects anything here. */
  rights: LineRights | null;
  /** Times lead to their line's own address. */
  linked: boolean;
  onOpen: (sequence: number, part: EditorPart | null) => void;
  /** The line whose tools the Tab key leads to. */
  onCurrent: (sequence: number) => void;
}

export interface LineProps extends LinesLook {
  shown: ShownLine;
  highlighted: boolean;
  open: EditorPart | null;
  current: boolean;
}

export function Line(props: LineProps) {
  const { line, opensTurn } = props.shown;
  const { query, nameOf, rights, highlighted, open, onOpen } = props;
  const name = line.speakerLabel ?? nameOf(line.speakerId);
  const time = formatTimeline(line.startMs);
  const { sequence } = line;
  const close = () => {
    onOpen(sequence, null);
    document.getElementById(`t-${sequence}`)?.querySelector<HTMLElement>("[data-tools]")?.focus();
  };
  return (
    <li
      id={`t-${sequence}`}
      tabIndex={-1}
      className={classNames(
        styles["line"],
        opensTurn && styles["opens"],
        highlighted && styles["highlighted"],
      )}
    >
      {opensTurn && (
        <p className={styles["speaker"]}>
          <Avatar id={line.speakerId} name={name} size="small" />
          {name}
        </p>
      )}
      <div className={styles["words"]}>
        {props.linked ? (
          <Link to={`#t-${sequence}`} className={styles["time"]} replace>
            {time}
          </Link>
        ) : (
          <time className={styles["time"]}>{time}</time>
        )}
        <p hidden={open === "words"}>
          {query === ""
            ? line.text
            : markedParts(line.text, query).map((part, index) =>
                part.found ? <mark key={index}>{part.text}</mark> : part.text,
              )}
          {line.source === "typed" && <span className={styles["source"]}> {words.typed}</span>}
          <EditedMark {...props} time={time} />
        </p>
        {rights !== null && mayEdit(rights, line) && (
          <IconButton
            icon={Pencil}
            size="small"
            className={styles["tools"]}
            label={words.tools(time, name)}
            aria-expanded={open !== null}
            tabIndex={props.current ? 0 : -1}
            data-tools={sequence}
            onFocus={() => props.onCurrent(sequence)}
            onClick={() => onOpen(sequence, open === null ? "words" : null)}
          />
        )}
      </div>
      {open !== null && rights !== null && (
        <LineEditor
          line={line}
          part={open}
          rights={rights}
          nameOf={nameOf}
          onPart={(part) => onOpen(sequence, part)}
          onClose={close}
        />
      )}
    </li>
  );
}

function EditedMark({ shown: { line }, rights, onOpen, open, time }: LineProps & { time: string }) {
  if (line.edited === undefined) return null;
  if (rights === null || !maySeeHistory(rights)) {
    return <span className={styles["edited"]}>{words.edited}</span>;
  }
  return (
    <button
      type="button"
      className={styles["edited"]}
      aria-expanded={open === "history"}
      aria-label={words.editedLabel(time)}
      onClick={() => onOpen(line.sequence, open === "history" ? null : "history")}
    >
      {words.edited}
    </button>
  );
}
