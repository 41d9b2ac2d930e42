// Original and tailored words beside each other, by writer or all writers together, with what enforcement did.
import { useState } from "react";
import type { RunTailored, RunView } from "../../../../shared/schemas/career/runs.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Card } from "../../../ui/card.tsx";
import { Select } from "../../../ui/field.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { BesideEachOther } from "./beside-each-other.tsx";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";
import { Added, Taken } from "./word-marks.tsx";
import {
  entriesOf,
  findingsOf,
  summaryLineOf,
  type DiffLine,
  type TailoredEntry,
} from "./tailored-entries.ts";

const everybody = "all";

export function TailoredPanel({ run }: { run: RunView }) {
  const [chosen, setChosen] = useState(run.primaryModelKey);
  const { tailored } = run;
  if (tailored.length === 0) return <p className={styles["muted"]}>{words.notYet}</p>;
  const one = tailored.find(({ modelKey }) => modelKey === chosen) ?? tailored[0];
  const beside = tailored.length > 1 && chosen === everybody;
  return (
    <div className={styles["stack"]}>
      {tailored.length > 1 && (
        <Select
          label={words.writer}
          className={styles["narrow"]}
          value={beside ? everybody : (one?.modelKey ?? "")}
          onChange={(event) => setChosen(event.target.value)}
        >
          {tailored.map(({ modelKey, modelName }) => (
            <option key={modelKey} value={modelKey}>
              {modelName}
            </option>
          ))}
          <option value={everybody}>{words.besideEachOther}</option>
        </Select>
      )}
      {beside ? <BesideEachOther tailored={tailored} /> : one !== undefined && <ByOne page={one} />}
    </div>
  );
}

function ByOne({ page }: { page: RunTailored }) {
  const { notes, summary, modelName, wordCountEstimate } = page;
  const summaryLine = summaryLineOf(page);
  return (
    <>
      <Compliance page={page} />
      {notes.length > 0 && (
        <Notice tone="warm">
          {notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </Notice>
      )}
      <Card
        title={words.pageBy(modelName)}
        aside={<span className={styles["muted"]}>{words.wordsNow(wordCountEstimate)}</span>}
      >
        {(summaryLine !== null || summary !== "") && (
          <section className={styles["section"]} aria-label={words.summary}>
            <h3 className={styles["group"]}>{words.summary}</h3>
            {summaryLine === null ? <p>{summary}</p> : <Line line={summaryLine} />}
          </section>
        )}
        {entriesOf(page).map((entry) => (
          <Entry key={entry.key} entry={entry} />
        ))}
      </Card>
    </>
  );
}

function Entry({ entry: { title, bullets } }: { entry: TailoredEntry }) {
  return (
    <section className={styles["section"]} aria-label={title}>
      <h3 className={styles["group"]}>{title}</h3>
      {bullets.map((line) => (
        <Line key={line.bulletId} line={line} />
      ))}
    </section>
  );
}

function Line({ line: { originalText, tailoredText, wasRewritten, finding } }: { line: DiffLine }) {
  return (
    <div className={styles["diff"]} data-rewritten={wasRewritten}>
      {wasRewritten && (
        <div>
          <p className={styles["diffHead"]}>{words.original}</p>
          <p className={styles["bulletText"]}>
            <Taken before={originalText} after={tailoredText} />
          </p>
        </div>
      )}
      <div>
        <p className={styles["diffHead"]}>{wasRewritten ? words.rewritten : words.asWritten}</p>
        <p className={styles["bulletText"]}>
          {wasRewritten ? <Added before={originalText} after={tailoredText} /> : tailoredText}
        </p>
        {finding !== null && (
          <p className={styles["finding"]}>
            {finding.outcome === "repaired"
              ? words.repaired(words.claims(finding.kinds))
              : words.kept(words.claims(finding.kinds))}
          </p>
        )}
      </div>
    </div>
  );
}

/** The record of what was checked, in sentences. */
function Compliance({ page }: { page: RunTailored }) {
  const { compliant, strippedUnselected, truncatedBullets, proxyWordCountExceeded } =
    page.selectionEnforcement;
  const findings = findingsOf(page);
  const kept = findings.filter(({ outcome }) => outcome === "kept-original").length;
  const sentences = [
    ...(kept > 0 ? [words.keptCount(kept)] : []),
    ...(findings.length > kept ? [words.repairedCount(findings.length - kept)] : []),
    ...(strippedUnselected > 0 ? [words.stripped(strippedUnselected)] : []),
    ...(truncatedBullets > 0 ? [words.truncated(truncatedBullets)] : []),
    ...(proxyWordCountExceeded ? [words.tooLong] : []),
  ];
  return (
    <Card
      title={words.checked}
      aside={
        <Badge tone={compliant ? "success" : "danger"}>
          {compliant ? words.checkPassed : words.checkFailed}
        </Badge>
      }
    >
      <p>{compliant ? words.compliant : words.notCompliant}</p>
      {sentences.length > 0 && (
        <ul className={styles["because"]}>
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}
