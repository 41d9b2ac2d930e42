// What this device does with one's own words: who writes them down, whether it listens now, and what stands in its way.
import { MicOff, RotateCw } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { ConsentAnswer } from "../../../../shared/schemas/consents.ts";
import type { CaptionsSource } from "../../../captions/source.ts";
import { captionsStrings } from "../../../captions/strings.ts";
import { SourceChoice } from "../../../captions/source-choice.tsx";
import { Button } from "../../../ui/button.tsx";
import { Checkbox } from "../../../ui/field.tsx";
import type { OwnCaptions } from "../captions/use-own-captions.ts";
import { callStrings } from "../strings.ts";
import styles from "./transcript-panel.module.css";

export interface OwnWordsProps {
  /** Whether one's own words may be written down; null where one has not answered. */
  captions: ConsentAnswer | null;
  /** Whether this device turns them into text, now that they may be. */
  listening: boolean;
  onListening: (on: boolean) => void;
  /** Shows the questions of consent. */
  onConsent: () => void;
  microphoneOn: boolean;
  own: OwnCaptions;
}

export function OwnWords(props: OwnWordsProps) {
  const { captions, listening, onListening, onConsent, own } = props;
  const { source, speech, missing } = own;
  if (captions !== "given") {
    return (
      <div className={styles["ask"]}>
        <p className={styles["hint"]}>{callStrings.captionsAnswer[captions ?? "none"]}</p>
        <Button size="small" onClick={onConsent}>
          {captions === null ? callStrings.answer : callStrings.change}
        </Button>
      </div>
    );
  }
  const waits = source === "server" && missing !== null;
  return (
    <div className={styles["own"]}>
      {speech !== null && <Source speech={speech} source={source} />}
      {source === "typed" ? (
        <p className={styles["hint"]}>{callStrings.transcribeHint.typed}</p>
      ) : waits ? (
        <Trouble action={callStrings.answer} onAction={onConsent}>
          {callStrings.pieces.missing[missing]}
        </Trouble>
      ) : (
        <Checkbox
          label={callStrings.transcribeMine}
          hint={speech === null ? callStrings.transcribeHint.speech : undefined}
          checked={listening}
          onChange={(event) => onListening(event.target.checked)}
        />
      )}
      {listening && source !== "typed" && !waits && <Hearing {...props} />}
    </div>
  );
}

/** Folded on a phone, where it would take the room of the lines: who writes stands in its heading. */
function Source({ speech, source }: { speech: NonNullable<OwnCaptions["speech"]>; source: CaptionsSource }) {
  const [open, setOpen] = useState(() => window.matchMedia("(min-width: 721px)").matches);
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={styles["source"]}>
        {source === "server" ? captionsStrings.by.server(speech.name) : captionsStrings.by[source]}
      </summary>
      <SourceChoice speech={speech} />
    </details>
  );
}

function Hearing({ microphoneOn, own, onConsent }: OwnWordsProps) {
  const { recognition, server, source } = own;
  const state = recognition.state;
  if (!microphoneOn) {
    return (
      <p className={styles["hearing"]}>
        <MicOff size={14} aria-hidden /> {callStrings.pausedMuted}
      </p>
    );
  }
  if (source === "server") return <Pieces own={own} onConsent={onConsent} server={server} />;
  if (state.kind === "failed") {
    return (
      <Trouble action={callStrings.recognitionRetry} onAction={recognition.retry}>
        {callStrings.recognition[state.problem]}
      </Trouble>
    );
  }
  return (
    <p className={styles["hearing"]}>
      {state.kind !== "listening"
        ? null
        : state.interim === ""
          ? callStrings.listening
          : callStrings.interim(state.interim)}
    </p>
  );
}

/** How it goes with the service. */
function Pieces({
  own,
  server,
  onConsent,
}: Pick<OwnWordsProps, "own" | "onConsent"> & Pick<OwnCaptions, "server">) {
  const words = callStrings.pieces;
  const { problem, held, waiting, lost, refused, speaking } = server;
  if (problem !== null) {
    const asks = problem === "wording" || problem === "ai" || problem === "captions";
    return (
      <Trouble
        action={asks ? callStrings.answer : callStrings.recognitionRetry}
        onAction={asks ? onConsent : own.retry}
      >
        {words.problem[problem]}
      </Trouble>
    );
  }
  return (
    <>
      <p className={styles["hearing"]}>
        {held ? words.held : speaking ? words.hearing : waiting > 0 ? words.writing : callStrings.listening}
      </p>
      <p className={styles["hint"]} role="status">
        {lost > 0 && `${words.lost(lost)} ${refused ?? ""}`}
      </p>
    </>
  );
}

function Trouble(props: { children: ReactNode; action: string; onAction: () => void }) {
  return (
    <div className={styles["failed"]} role="status">
      <p>{props.children}</p>
      <Button size="small" icon={RotateCw} onClick={props.onAction}>
        {props.action}
      </Button>
    </div>
  );
}
