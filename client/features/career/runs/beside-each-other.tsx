// Several writers' pages, bullet by bullet: the original, and what each made of it.
import type { RunTailored } from "../../../../shared/schemas/career/runs.ts";
import { Card } from "../../../ui/card.tsx";
import { Table } from "../../../ui/table.tsx";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";
import { rowsOf } from "./tailored-entries.ts";
import { Added } from "./word-marks.tsx";

export function BesideEachOther({ tailored }: { tailored: readonly RunTailored[] }) {
  return (
    <Card title={words.besideEachOther}>
      <Table
        label={words.besideEachOther}
        className={styles["versions"]}
        rows={rowsOf(tailored)}
        keyOf={({ bulletId }) => bulletId}
        columns={[
          {
            head: words.original,
            cell: ({ originalText }) => (
              <>
                <span className={styles["cellHead"]}>{words.original}</span>
                {originalText}
              </>
            ),
          },
          ...tailored.map(({ modelName }, place) => ({
            head: modelName,
            cell: ({ originalText, versions }: ReturnType<typeof rowsOf>[number]) => {
              const text = versions[place] ?? null;
              return (
                <>
                  <span className={styles["cellHead"]}>{modelName}</span>
                  {text === null ? (
                    <span className={styles["muted"]}>{words.notOnPage}</span>
                  ) : text === originalText ? (
                    <span className={styles["muted"]}>{words.unchanged}</span>
                  ) : (
                    <Added before={originalText} after={text} />
                  )}
                </>
              );
            },
          })),
        ]}
      />
      <ul className={styles["because"]}>
        {tailored.map(({ modelKey, modelName, wordCountEstimate, findings }) => (
          <li key={modelKey}>{words.writerSum(modelName, wordCountEstimate, findings.length)}</li>
        ))}
      </ul>
    </Card>
  );
}
