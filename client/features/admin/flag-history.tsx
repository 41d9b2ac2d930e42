// Who changed a feature flag when, from the audit log.
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { flagKeySchema } from "../../../shared/schemas/flags.ts";
import { useRequest } from "../../api/use-request.ts";
import { Failure } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { flagStrings as words } from "./flag-strings.ts";
import styles from "./flags.module.css";

export function FlagHistoryList({ flagKey }: { flagKey: string }) {
  const history = useRequest(endpoints.flagHistory, { params: { key: flagKeySchema.parse(flagKey) } });
  if (history.error !== null) return <Failure error={history.error} onRetry={history.retry} />;
  if (history.data === null) return <Waiting label={words.historyLoading} />;
  if (history.data.items.length === 0) return <p className={styles["facts"]}>{words.historyNone}</p>;
  return (
    <ol className={styles["list"]}>
      {history.data.items.map(({ at, person, metadata }) => (
        <li key={at}>
          <span>{described(metadata)}</span>
          <span className={styles["facts"]}>
            {`${person?.displayName ?? words.somebody}, ${formatShort(new Date(at))}`}
          </span>
        </li>
      ))}
    </ol>
  );
}

function described(metadata: Record<string, string | number | boolean | null>): string {
  const percentage = Number(metadata["percentage"]);
  const some = percentage === 100 ? words.states.on : words.states.some(percentage);
  const state = metadata["on"] === true ? some : words.states.off;
  return words.change(state, Number(metadata["people"]), Number(metadata["organizations"]));
}
