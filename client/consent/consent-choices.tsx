// The questions of consent, each answered by yes or no; nothing is chosen for anybody beforehand.
import { useId, useState } from "react";
import { consentWordings, presentWording } from "../../shared/consent-wording.ts";
import type {
  ConsentAnswer,
  ConsentPurpose,
  ConsentStanding,
  DecideConsent,
} from "../../shared/schemas/consents.ts";
import { toApiError } from "../api/errors.ts";
import { Checkbox } from "../ui/field.tsx";
import { Failure } from "../ui/notice.tsx";
import styles from "./consent.module.css";
import { consentStrings } from "./strings.ts";

export interface ConsentChoicesProps {
  standings: readonly ConsentStanding[];
  /** Which questions are asked here, in this order. */
  purposes: readonly ConsentPurpose[];
  /** Resolves when the answer is durable. */
  onDecide: (decision: DecideConsent) => Promise<unknown>;
}

export function ConsentChoices({ standings, purposes, onDecide }: ConsentChoicesProps) {
  return (
    <div className={styles["questions"]}>
      {purposes.map((purpose) => (
        <Question
          key={purpose}
          purpose={purpose}
          standing={standings.find((one) => one.purpose === purpose) ?? null}
          onDecide={onDecide}
        />
      ))}
    </div>
  );
}

function Question({
  purpose,
  standing,
  onDecide,
}: {
  purpose: ConsentPurpose;
  standing: ConsentStanding | null;
  onDecide: ConsentChoicesProps["onDecide"];
}) {
  const id = useId();
  const [saving, setSaving] = useState<ConsentAnswer | null>(null);
  const [saved, setSaved] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const number = presentWording(purpose);
  const wording = consentWordings[purpose][number - 1];
  // A yes to an earlier wording is no yes to this one; a no stays a no.
  const earlier = standing?.answer === "given" && standing.wording !== number;
  const shown = saving ?? (earlier ? null : (standing?.answer ?? null));

  async function decide(answer: ConsentAnswer) {
    setSaving(answer);
    setSaved(false);
    setProblem(null);
    try {
      await onDecide({ purpose, answer, wording: number });
      setSaved(true);
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setSaving(null);
    }
  }

  return (
    <fieldset className={styles["question"]} aria-describedby={`${id}-text`}>
      <legend className={styles["title"]}>{wording?.title}</legend>
      <p id={`${id}-text`} className={styles["text"]}>
        {wording?.text}
      </p>
      <div className={styles["answers"]}>
        {(["given", "refused"] as const).map((answer) => (
          <Checkbox
            key={answer}
            kind="radio"
            name={id}
            label={answer === "given" ? consentStrings.yes : consentStrings.no}
            checked={shown === answer}
            onChange={() => void decide(answer)}
          />
        ))}
        <span className={styles["state"]} role="status">
          {saving !== null
            ? consentStrings.saving
            : saved
              ? consentStrings.saved
              : standingWords(standing, earlier)}
        </span>
      </div>
      {problem !== null && <Failure message={`${consentStrings.failed} ${problem}`} />}
    </fieldset>
  );
}

function standingWords(standing: ConsentStanding | null, earlier: boolean): string {
  if (earlier) return consentStrings.earlier;
  if (standing === null || standing.answer === null) return consentStrings.unanswered;
  return standing.from === "default" ? consentStrings.fromDefault : "";
}
