// What is kept how long, as this installation is set.
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { useRequest } from "../../api/use-request.ts";
import { Card } from "../../ui/card.tsx";
import { Failure } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import styles from "./privacy.module.css";
import { privacyStrings } from "./strings.ts";

const words = privacyStrings.retention;

export function RetentionCard() {
  const terms = useRequest(endpoints.retentionTerms, {});
  const lastRunAt = terms.data?.lastRunAt ?? null;
  return (
    <Card title={words.title}>
      <p className={styles["why"]}>{words.why}</p>
      {terms.status === "loading" && <Waiting label={words.loading} />}
      {terms.status === "error" && <Failure message={terms.error.message} onRetry={terms.retry} />}
      {terms.status === "ready" && (
        <dl className={styles["terms"]}>
          {terms.data.items.map(({ what, days }) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>{days === null ? words.forGood : words.days(days)}</dd>
            </div>
          ))}
        </dl>
      )}
      {lastRunAt !== null && (
        <p className={styles["why"]}>{words.lastRun(formatShort(new Date(lastRunAt)))}</p>
      )}
    </Card>
  );
}
