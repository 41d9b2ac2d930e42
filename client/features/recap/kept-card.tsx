// Until when what of the call is kept, where it has a term.
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { useRequest } from "../../api/use-request.ts";
import { Card } from "../../ui/card.tsx";
import { Failure } from "../../ui/notice.tsx";
import { formatDay } from "../../ui/times.ts";
import { useNow } from "../../ui/use-now.ts";
import { keptStrings as words } from "./kept-strings.ts";
import styles from "./kept.module.css";

const hourMs = 3_600_000;

export function KeptCard({ meetingId }: { meetingId: MeetingId }) {
  const kept = useRequest(endpoints.meetingRetention, { params: { id: meetingId } });
  const now = useNow(hourMs);
  if (kept.status === "error")
    return (
      <Card title={words.title}>
        <Failure error={kept.error} onRetry={kept.retry} />
      </Card>
    );
  // Where nothing has a term there is nothing to say, and while it is asked nothing that could jump.
  if (kept.data === null || kept.data.items.length === 0) return null;
  return (
    <Card title={words.title}>
      <dl className={styles["kept"]}>
        {kept.data.items.map(({ kind, until }) => {
          const day = formatDay(new Date(until), { now });
          return (
            <div key={kind}>
              <dt>{words.kinds[kind]}</dt>
              <dd>{new Date(until) > now ? words.until(day) : words.over(day)}</dd>
            </div>
          );
        })}
      </dl>
      <p className={styles["note"]}>{words.note}</p>
    </Card>
  );
}
