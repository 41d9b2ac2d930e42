// Below one line: its words to correct, its speaker to change, or how it was before.
import { type KeyboardEvent, type SubmitEvent, useLayoutEffect, useRef, useState } from "react";
import { endpoints } from "../../shared/contract/endpoints.ts";
import { limits } from "../../shared/limits.ts";
import type { Correction, RenameSpeaker } from "../../shared/schemas/transcript-corrections.ts";
import { toApiError } from "../api/errors.ts";
import { call } from "../api/http.ts";
import { randomKey } from "../api/random-key.ts";
import { useRequest } from "../api/use-request.ts";
import { Button } from "../ui/button.tsx";
import { Checkbox, Select, TextArea, TextInput } from "../ui/field.tsx";
import { Failure } from "../ui/notice.tsx";
import { Waiting } from "../ui/spinner.tsx";
import { formatTime } from "../ui/times.ts";
import type { TranscriptLine } from "./lines.ts";
import { type LineRights, maySeeHistory } from "./rights.ts";
import { transcriptStrings as words } from "./strings.ts";
import styles from "./transcript.module.css";

export type EditorPart = "words" | "speaker" | "history";

export interface LineEditorProps {
  line: TranscriptLine;
  part: EditorPart;
  rights: LineRights;
  nameOf: (userId: string) => string;
  onPart: (part: EditorPart) => void;
  onClose: () => void;
}

export function LineEditor(props: LineEditorProps) {
  const { part, line, onClose } = props;
  const box = useRef<HTMLDivElement>(null);
  // Opened at the list's edge it would be cut off.
  useLayoutEffect(() => {
    // Not returned: newer browsers answer a promise, which React would take for the effect's end.
    void box.current?.scrollIntoView({ block: "nearest" });
  }, [part]);
  const closeByKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onClose();
  };
  return (
    <div className={styles["editor"]} ref={box} onKeyDown={closeByKey}>
      {part === "words" && <Words {...props} />}
      {part === "speaker" && <SpeakerForm {...props} />}
      {part === "history" && <History key={line.edited?.revision ?? 0} {...props} />}
    </div>
  );
}

/** Sends a correction; the same content keeps its key, so that trying again is harmless. */
function useCorrection({ rights, onClose }: LineEditorProps) {
  const [sent, setSent] = useState({ content: "", key: "" });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function send(content: string, correct: (clientKey: string) => Promise<Correction>) {
    const key = sent.content === content ? sent.key : randomKey();
    setSent({ content, key });
    setBusy(true);
    try {
      rights.onCorrected(await correct(key));
      onClose();
    } catch (error) {
      setProblem(toApiError(error).message);
      setBusy(false);
    }
  }
  return { send, busy, problem, setProblem };
}

function Words(props: LineEditorProps) {
  const { line, rights, onPart, onClose } = props;
  const [text, setText] = useState(line.text);
  const { send, busy, problem } = useCorrection(props);
  const save = () => {
    const corrected = text.trim();
    if (busy || corrected === "") return;
    if (corrected === line.text) return onClose();
    const params = { id: rights.meetingId, sequence: line.sequence };
    void send(corrected, (clientKey) =>
      call(endpoints.editTranscriptLine, { params, body: { clientKey, text: corrected } }),
    );
  };
  return (
    <>
      <TextArea
        label={words.words}
        labelHidden
        hint={words.wordsHint}
        value={text}
        rows={3}
        maxLength={limits.chunkTextMaxChars}
        error={problem}
        autoFocus
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          save();
        }}
      />
      <div className={styles["buttons"]}>
        <Button size="small" look="primary" busy={busy} onClick={save}>
          {words.save}
        </Button>
        <Button size="small" onClick={onClose}>
          {words.cancel}
        </Button>
        {rights.role === "host" && (
          <Button size="small" look="quiet" onClick={() => onPart("speaker")}>
            {words.speaker}
          </Button>
        )}
        {line.edited !== undefined && maySeeHistory(rights) && (
          <Button size="small" look="quiet" onClick={() => onPart("history")}>
            {words.history}
          </Button>
        )}
      </div>
    </>
  );
}

const otherName = "other";

function SpeakerForm(props: LineEditorProps) {
  const { line, rights, nameOf, onClose } = props;
  const [who, setWho] = useState<string>(rights.people[0]?.userId ?? otherName);
  const [name, setName] = useState("");
  const [scope, setScope] = useState<RenameSpeaker["scope"]>(
    line.sourceLabel === undefined ? "line" : "everywhere",
  );
  const { send, busy, problem, setProblem } = useCorrection(props);
  const { sourceLabel } = line;
  const person = rights.people.find(({ userId }) => userId === who);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const label = name.trim();
    if (person === undefined && label === "") return setProblem(words.nameNeeded);
    const to = person === undefined ? { label } : { speakerId: person.userId };
    const from = sourceLabel === undefined ? { speakerId: line.speakerId } : { label: sourceLabel };
    const change =
      scope === "line" ? { scope, sequence: line.sequence, to } : { scope: "everywhere" as const, from, to };
    void send(JSON.stringify(change), (clientKey) =>
      call(endpoints.renameSpeaker, { params: { id: rights.meetingId }, body: { clientKey, ...change } }),
    );
  };
  const hint = words.scopeEverywhereHint;
  return (
    <form className={styles["scope"]} onSubmit={submit}>
      <Select label={words.who} value={who} autoFocus onChange={(event) => setWho(event.target.value)}>
        {rights.people.map(({ userId, displayName }) => (
          <option key={userId} value={userId}>
            {displayName}
          </option>
        ))}
        <option value={otherName}>{words.otherName}</option>
      </Select>
      {person === undefined && (
        <TextInput
          label={words.name}
          value={name}
          maxLength={limits.speakerLabelMaxChars}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <Checkbox
        kind="radio"
        name={`scope-${line.sequence}`}
        label={words.scopeLine}
        checked={scope === "line"}
        onChange={() => setScope("line")}
      />
      <Checkbox
        kind="radio"
        name={`scope-${line.sequence}`}
        label={words.scopeEverywhere(sourceLabel ?? nameOf(line.speakerId))}
        hint={sourceLabel === undefined ? hint.person : hint.label}
        checked={scope === "everywhere"}
        onChange={() => setScope("everywhere")}
      />
      {problem !== null && <p role="alert">{problem}</p>}
      <div className={styles["buttons"]}>
        <Button size="small" look="primary" type="submit" busy={busy}>
          {words.save}
        </Button>
        <Button size="small" onClick={onClose}>
          {words.cancel}
        </Button>
      </div>
    </form>
  );
}

function History({ line, rights, nameOf, onClose }: LineEditorProps) {
  const history = useRequest(endpoints.transcriptLineHistory, {
    params: { id: rights.meetingId, sequence: line.sequence },
  });
  const said = (one: { text: string; speakerId: string; speakerLabel: string | null }) =>
    `${one.speakerLabel ?? nameOf(one.speakerId)}: ${one.text}`;
  return (
    <>
      {history.status === "loading" && <Waiting label={words.historyLoading} />}
      {history.status === "error" && <Failure error={history.error} onRetry={history.retry} />}
      {history.status === "ready" && (
        <ol className={styles["history"]} aria-label={words.history}>
          <li>
            <p>{words.original}</p>
            <p>{said(history.data.original)}</p>
          </li>
          {history.data.changes.map((change) => (
            <li key={change.revision}>
              <p>{words.changed(nameOf(change.authorId), formatTime(new Date(change.at)))}</p>
              <p>{said(change)}</p>
            </li>
          ))}
        </ol>
      )}
      <div className={styles["buttons"]}>
        <Button size="small" autoFocus onClick={onClose}>
          {words.close}
        </Button>
      </div>
    </>
  );
}
