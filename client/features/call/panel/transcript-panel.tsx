// The transcript as it grows, what this device adds to it, and a line to type.
import { Mic } from "lucide-react";
import { useFlag } from "../../../api/flags.ts";
import { type ReactNode, type SubmitEvent, useMemo, useState } from "react";
import type { ConsentAnswer } from "../../../../shared/schemas/consents.ts";
import { limits } from "../../../../shared/limits.ts";
import { inTimeOrder } from "../../../../shared/transcript/order.ts";
import type { LineRights } from "../../../transcript/rights.ts";
import { SearchBox, useTranscriptSearch } from "../../../transcript/search-box.tsx";
import { type Target, TranscriptList } from "../../../transcript/transcript-list.tsx";
import { Button } from "../../../ui/button.tsx";
import { TextInput } from "../../../ui/field.tsx";
import { EmptyState } from "../../../ui/notice.tsx";
import type { OutboundLine } from "../outbound-lines.ts";
import { callStrings } from "../strings.ts";
import { missingFrom, type TranscriptLog } from "../transcript-log.ts";
import { FollowScroll } from "./follow-scroll.tsx";
import panel from "./panel.module.css";
import styles from "./transcript-panel.module.css";

export interface TranscriptPanelProps {
  log: TranscriptLog;
  outbound: readonly OutboundLine[];
  nameOf: (userId: string) => string;
  rights: LineRights;
  mayAppend: boolean;
  /** Whether one's own words may be written down; null where one has not answered. */
  captions: ConsentAnswer | null;
  /** What this device does with them. */
  own: ReactNode;
  /** False where too many lines wait already. */
  onTyped: (text: string) => boolean;
  onRetryLine: (clientKey: string) => void;
  onDiscardLine: (clientKey: string) => void;
}

export function TranscriptPanel(props: TranscriptPanelProps) {
  const { log, outbound, nameOf, rights } = props;
  const empty = log.chunks.length === 0 && outbound.length === 0;
  const lines = useMemo(() => inTimeOrder(log.chunks), [log.chunks]);
  const found = useTranscriptSearch(lines);
  const searchable = useFlag("transcript.search");
  const [root, setRoot] = useState<HTMLDivElement | null>(null);
  const hit = found.hits[found.at];
  const target = useMemo(
    (): Target | null =>
      hit === undefined
        ? null
        : { sequence: hit, request: `${found.searched} ${found.at} ${found.moves}`, focus: false },
    [hit, found.searched, found.at, found.moves],
  );
  return (
    <div className={panel["column"]}>
      {props.mayAppend && props.own}
      {!empty && searchable && (
        <div className={styles["search"]}>
          <SearchBox {...found} />
        </div>
      )}
      <FollowScroll
        role="region"
        label={callStrings.transcript}
        length={log.chunks.length + outbound.length}
        onRoot={setRoot}
      >
        {empty ? (
          <EmptyState icon={Mic} title={callStrings.noLines}>
            {callStrings.noLinesWhy}
          </EmptyState>
        ) : (
          <>
            {missingFrom(log) !== null && <p className={styles["loading"]}>{callStrings.loadingEarlier}</p>}
            <TranscriptList
              lines={lines}
              root={root}
              query={found.searched}
              target={target}
              nameOf={nameOf}
              rights={rights}
              linked={false}
            />
            <Waiting {...props} />
          </>
        )}
      </FollowScroll>
      {props.mayAppend && props.captions === "refused" ? (
        <p className={panel["readOnly"]}>{callStrings.ownRefused}</p>
      ) : props.mayAppend ? (
        <TypeLine onTyped={props.onTyped} />
      ) : (
        <p className={panel["readOnly"]}>{callStrings.observersReadOnly}</p>
      )}
    </div>
  );
}

/** Lines of this device that the server has not stored yet. */
function Waiting({ outbound, onRetryLine, onDiscardLine }: TranscriptPanelProps) {
  return (
    <ol className={styles["waiting"]}>
      {outbound.map(({ chunk, problem, held }) => (
        <li key={chunk.clientKey} className={styles["waitingLine"]}>
          <p>{chunk.text}</p>
          <p className={styles["lineState"]}>
            {problem !== null
              ? callStrings.lineRefused(problem)
              : held
                ? callStrings.heldLine
                : callStrings.sendingLine}
          </p>
          {problem !== null && (
            <div className={styles["lineActions"]}>
              <Button size="small" onClick={() => onRetryLine(chunk.clientKey)}>
                {callStrings.retry}
              </Button>
              <Button size="small" look="quiet" onClick={() => onDiscardLine(chunk.clientKey)}>
                {callStrings.discard}
              </Button>
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}

function TypeLine({ onTyped }: { onTyped: (text: string) => boolean }) {
  const [text, setText] = useState("");
  const [full, setFull] = useState(false);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const line = text.trim();
    if (line === "") return;
    const taken = onTyped(line);
    setFull(!taken);
    if (taken) setText("");
  };
  return (
    <form className={panel["compose"]} onSubmit={submit}>
      <TextInput
        label={callStrings.typeLine}
        labelHidden
        placeholder={callStrings.typeLinePlaceholder}
        value={text}
        maxLength={limits.chunkTextMaxChars}
        autoComplete="off"
        className={panel["input"]}
        error={full ? callStrings.tooManyLines : null}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit">{callStrings.addLine}</Button>
    </form>
  );
}
