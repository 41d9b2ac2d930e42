// A coach's mirror in a corner of the call, where they have switched it on: their share of the talk, their questions, the time.
import { EyeOff } from "lucide-react";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { useLive } from "../../api/live.ts";
import { rememberCallPreferences, useCallPreferences } from "../../media/call-preferences.ts";
import { formatTimeline } from "../../ui/times.ts";
import styles from "./live-mirror.module.css";
import { callStrings as words } from "./strings.ts";

/** For hosts only: others are refused by the server. Quiet: nothing of it is announced. */
export function LiveMirror({ meeting, nowMs }: { meeting: Meeting; nowMs: number }) {
  const { mirrorFolded } = useCallPreferences();
  const mirror = useLive("mirror", { meetingId: meeting.id });
  const { talkShare = null, questions = null } = mirror.data ?? {};
  const elapsedMs = meeting.startedAt === null ? 0 : Math.max(0, nowMs - Date.parse(meeting.startedAt));
  return (
    <details
      className={styles["mirror"]}
      open={!mirrorFolded}
      onToggle={(event) => rememberCallPreferences({ mirrorFolded: !event.currentTarget.open })}
    >
      <summary className={styles["summary"]}>
        <EyeOff size={14} aria-hidden /> {words.mirror}
      </summary>
      {mirror.status === "error" ? (
        <p>{words.mirrorFailed}</p>
      ) : (
        <>
          <p>
            {talkShare === null ? words.mirrorNoTalk : words.mirrorTalk(`${Math.round(talkShare * 100)} %`)}
          </p>
          {talkShare !== null && (
            <span className={styles["track"]} aria-hidden>
              <span className={styles["share"]} style={{ inlineSize: `${talkShare * 100}%` }} />
            </span>
          )}
          <p>
            {questions === null
              ? words.mirrorNoQuestions
              : words.mirrorQuestions(questions.open, questions.closed)}
          </p>
          <p className={styles["time"]}>{words.mirrorElapsed(formatTimeline(elapsedMs))}</p>
        </>
      )}
    </details>
  );
}
