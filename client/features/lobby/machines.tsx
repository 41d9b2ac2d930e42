// Which machine may read what is said in this meeting; its hosts switch it.
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { aiUseSchema, type AiUse, type MeetingAi } from "../../../shared/schemas/ai.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { Card } from "../../ui/card.tsx";
import { Select } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import styles from "./lobby.module.css";
import { lobbyStrings } from "./strings.ts";

const words = lobbyStrings.machines;

export function Machines({ meeting }: { meeting: Meeting }) {
  const read = useRequest(endpoints.meetingAi, { params: { id: meeting.id } });
  return (
    <Card title={words.title}>
      {read.status === "loading" && <Waiting label={words.loading} />}
      {read.error !== null && <Failure error={read.error} onRetry={read.retry} />}
      {read.data !== null && <Standing read={read.data} meeting={meeting} />}
    </Card>
  );
}

function Standing({ read, meeting }: { read: MeetingAi; meeting: Meeting }) {
  const [ai, setAi] = useState(read);
  const [problem, setProblem] = useState<string | null>(null);
  const stricter = ai.organization !== "model" && ai.meeting !== "off";

  async function change(use: AiUse) {
    const before = ai;
    setAi({ ...ai, meeting: use });
    setProblem(null);
    try {
      setAi(await call(endpoints.switchMeetingAi, { params: { id: meeting.id }, body: { use } }));
    } catch (error) {
      setAi(before);
      setProblem(toApiError(error).message);
    }
  }

  return (
    <>
      <p aria-live="polite">{words.counts[ai.counts](ai.provider)}</p>
      {stricter && <p className={styles["quiet"]}>{words.organization}</p>}
      {meeting.myRole === "host" && (
        <Select
          label={words.label}
          error={problem}
          value={ai.meeting}
          onChange={(event) => void change(aiUseSchema.parse(event.target.value))}
        >
          {aiUseSchema.options.map((use) => (
            <option key={use} value={use}>
              {words.options[use]}
            </option>
          ))}
        </Select>
      )}
    </>
  );
}
