// What a posting asks for: each requirement leads to its words in the text; who read it is said.
import { useState } from "react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { PostingId } from "../../../../shared/ids.ts";
import type { PostingRubric, RubricMaker } from "../../../../shared/schemas/career/postings.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { useToast } from "../../../ui/toast.tsx";
import styles from "./postings.module.css";
import { postingStrings } from "./strings.ts";

const words = postingStrings.detail;

export function RubricCard({
  postingId,
  made,
  onMade,
  onShow,
}: {
  postingId: PostingId;
  made: PostingRubric;
  onMade: (made: PostingRubric) => void;
  onShow: (reqId: string) => void;
}) {
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const { rubric, madeBy, generatedBy, available, note, droppedQuotes } = made;
  const { requirements, keywords, constraints, notes } = rubric;
  const conditions = [
    ...(constraints.yearsExperienceMin === undefined ? [] : [words.years(constraints.yearsExperienceMin)]),
    ...(["education", "certifications", "workAuthorization"] as const).flatMap((kind) =>
      (constraints[kind] ?? []).map((text) => `${words[kind]}: ${text}`),
    ),
  ];

  async function read(by: RubricMaker) {
    setBusy(true);
    try {
      onMade(await call(endpoints.makePostingRubric, { params: { postingId }, body: { by } }));
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    } finally {
      setBusy(false);
    }
  }
  return (
    <Card
      title={words.asks}
      aside={
        <Badge tone={madeBy === "model" ? "machine" : "neutral"}>
          {madeBy === "model" ? words.byModel(generatedBy) : words.byRules}
        </Badge>
      }
    >
      {note !== null && (
        <Notice tone="warm" live>
          <p>{note}</p>
        </Notice>
      )}
      {requirements.length === 0 && <p className={styles["quiet"]}>{words.noneAsked}</p>}
      {(["must", "nice"] as const).map((type) => {
        const asked = requirements.filter((one) => one.type === type);
        return (
          asked.length > 0 && (
            <div key={type}>
              <h3 className={styles["small"]}>{words[type]}</h3>
              <ul className={styles["asked"]}>
                {asked.map(({ reqId, requirement, weight }) => (
                  <li key={reqId}>
                    <button type="button" title={words.show} onClick={() => onShow(reqId)}>
                      <span>{requirement}</span>
                      <span className={styles["weight"]} title={words.weight(weight)}>
                        {weight}/5
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
            </div>
          )
        );
      })}
      {conditions.length > 0 && <Listed title={words.constraints} items={conditions} />}
      {keywords.length > 0 && (
        <>
          <h3 className={styles["small"]}>{words.keywords}</h3>
          <ul className={styles["chips"]}>
            {keywords.map(({ term }) => (
              <li key={term} className={styles["chip"]}>
                {term}
              </li>
            ))}
          </ul>
        </>
      )}
      {notes.ambiguities !== undefined && notes.ambiguities.length > 0 && (
        <Listed title={words.ambiguities} items={notes.ambiguities} />
      )}
      {droppedQuotes > 0 && <p className={styles["quiet"]}>{words.dropped(droppedQuotes)}</p>}
      {available === "model" && madeBy === "rules" && (
        <>
          <Button size="small" busy={busy} onClick={() => void read("model")}>
            {words.askModel}
          </Button>
          <p className={styles["quiet"]}>{words.askModelHint}</p>
        </>
      )}
      {madeBy === "model" && (
        <Button size="small" busy={busy} onClick={() => void read("rules")}>
          {words.askRules}
        </Button>
      )}
    </Card>
  );
}

function Listed({ title, items }: { title: string; items: readonly string[] }) {
  return (
    <>
      <h3 className={styles["small"]}>{title}</h3>
      <ul className={styles["plain"]}>
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </>
  );
}
