// The page that a run has made: a picture of it, by each writer, and its files to take along.
import { Download } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { RunFile, RunView } from "../../../../shared/schemas/career/runs.ts";
import { addressOf, fetchFile } from "../../../api/http.ts";
import { ButtonAnchor } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Select } from "../../../ui/field.tsx";
import { fileSize } from "../../../ui/file-size.ts";
import { PdfPages } from "./pdf-pages.tsx";
import { writerOfFile } from "./run-names.ts";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";

export function PagePanel({ run }: { run: RunView }) {
  const { files, tailored, runId } = run;
  const writers = [...new Set(files.map((file) => file.modelKey))];
  const [chosen, setChosen] = useState<string | null>(run.primaryModelKey);
  if (files.length === 0) return <p className={styles["muted"]}>{words.notYet}</p>;
  const writer = writers.includes(chosen) ? chosen : (writers[0] ?? null);
  const own = files.filter(({ modelKey }) => modelKey === writer);
  const pdf = own.find(({ artifactType }) => artifactType === "pdf");
  return (
    <div className={styles["beside"]}>
      <Card title={words.files} className={styles["side"]}>
        {writers.length > 1 && (
          <Select
            label={words.writer}
            value={writer ?? ""}
            onChange={(event) => setChosen(event.target.value)}
          >
            {files
              .filter((file, place) => files.findIndex((one) => one.modelKey === file.modelKey) === place)
              .map((file) => (
                <option key={file.modelKey} value={file.modelKey ?? ""}>
                  {writerOfFile(file, tailored)}
                </option>
              ))}
          </Select>
        )}
        <Downloads runId={runId} files={own} writerOf={(file) => writerOfFile(file, tailored)} />
      </Card>
      {pdf === undefined ? (
        <p className={styles["muted"]}>{words.noPdfYet}</p>
      ) : (
        <PdfPages
          key={pdf.artifactId}
          of={pdf.artifactId}
          load={() =>
            fetchFile(endpoints.readCareerRunFile, { params: { runId, artifactId: pdf.artifactId } })
          }
          label={words.pageBy(writerOfFile(pdf, tailored))}
        />
      )}
    </div>
  );
}

const order = ["pdf", "docx", "tex", "json", "json-resume"] as const;

export function Downloads({
  runId,
  files,
  writerOf,
}: {
  runId: string;
  files: readonly RunFile[];
  writerOf: (file: RunFile) => string;
}) {
  const sorted = [...files].sort((a, b) => order.indexOf(a.artifactType) - order.indexOf(b.artifactType));
  return (
    <ul className={styles["files"]}>
      {sorted.map((file) => {
        const type = words.fileTypes[file.artifactType];
        return (
          <li key={file.artifactId}>
            <ButtonAnchor
              size="small"
              icon={Download}
              download={file.fileName}
              aria-label={words.downloadLabel(type, writerOf(file))}
              href={addressOf(endpoints.readCareerRunFile, {
                params: { runId, artifactId: file.artifactId },
              })}
            >
              {type}
            </ButtonAnchor>
            <span className={styles["muted"]}>{fileSize(file.sizeBytes)}</span>
          </li>
        );
      })}
    </ul>
  );
}
