// What the run read in the posting: requirements with their quotes, what is named in it, and what it leaves open.
import type { RunView } from "../../../../shared/schemas/career/runs.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Card } from "../../../ui/card.tsx";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";

export function AskedPanel({ run }: { run: RunView }) {
  const { rubric, plan } = run;
  if (rubric === null) return <p className={styles["muted"]}>{words.notYet}</p>;
  const open = new Set(plan?.coverage.uncoveredRequirements.map(({ reqId }) => reqId));
  const { requirements, keywords, notes } = rubric;
  return (
    <div className={styles["stack"]}>
      {requirements.length === 0 && <p>{words.nothingAsked}</p>}
      {(["must", "nice"] as const).map((type) => {
        const asked = requirements.filter((one) => one.type === type);
        if (asked.length === 0) return null;
        return (
          <Card key={type} title={words[type]}>
            <ul className={styles["list"]}>
              {asked.map(({ reqId, requirement, weight, jdEvidence }) => (
                <li key={reqId} className={styles["row"]}>
                  <span className={styles["rowText"]}>
                    <span>{requirement}</span>
                    {jdEvidence.map((quote) => (
                      <q key={quote} className={styles["muted"]}>
                        {quote}
                      </q>
                    ))}
                  </span>
                  <span className={styles["badges"]}>
                    <span className={styles["muted"]}>{words.weight(weight)}</span>
                    {plan !== null && (
                      <Badge tone={open.has(reqId) ? "warm" : "success"}>
                        {open.has(reqId) ? words.no : words.yes}
                      </Badge>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          </Card>
        );
      })}
      {keywords.length > 0 && (
        <Card title={words.keywords}>
          <p className={styles["badges"]}>
            {keywords.map(({ term }) => (
              <Badge key={term}>{term}</Badge>
            ))}
          </p>
        </Card>
      )}
      {notes.ambiguities !== undefined && notes.ambiguities.length > 0 && (
        <Card title={words.ambiguities}>
          <ul className={styles["because"]}>
            {notes.ambiguities.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </Card>
      )}
    </div>
  );
}
