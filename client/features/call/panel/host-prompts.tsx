// Prompts for a host wherever they look: in their tab, or as a small card over the people while another tab is open.
import type { ReactNode } from "react";
import type { MeetingId } from "../../../../shared/ids.ts";
import { callStrings } from "../strings.ts";
import { usePrompts } from "../use-prompts.ts";
import { PromptCard } from "./prompt-card.tsx";
import { PromptsPanel } from "./prompts-panel.tsx";
import styles from "./prompts-panel.module.css";

export interface HostPromptsProps {
  meetingId: MeetingId;
  nowMs: number;
  /** The prompts' tab is in view. */
  shown: boolean;
  children: (panel: ReactNode, waiting: boolean) => ReactNode;
}

export function HostPrompts({ meetingId, nowMs, shown, children }: HostPromptsProps) {
  const { prompts, current, failed, retry, giveFeedback } = usePrompts(meetingId, nowMs);
  return (
    <>
      {/* Its text changes once a prompt, so it is announced once. */}
      <p className="visually-hidden" role="status">
        {current !== null && callStrings.promptNew(current.content)}
      </p>
      {current !== null && !shown && (
        <div className={styles["floating"]}>
          <PromptCard prompt={current} onFeedback={giveFeedback} />
        </div>
      )}
      {children(
        <PromptsPanel
          prompts={prompts}
          current={current}
          failed={failed}
          onRetry={retry}
          onFeedback={giveFeedback}
        />,
        current !== null,
      )}
    </>
  );
}
