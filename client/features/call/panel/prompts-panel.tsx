// Prompts for hosts: the one that counts now, and what was suggested before.
import { Lightbulb, Lock } from "lucide-react";
import type { Prompt, PromptFeedbackValue } from "../../../../shared/schemas/prompts.ts";
import { Badge } from "../../../ui/badge.tsx";
import { EmptyState, Failure } from "../../../ui/notice.tsx";
import { earlierPrompts, preparedPrompts } from "../prompt-choice.ts";
import { formatTimeline } from "../../../ui/times.ts";
import { callStrings } from "../strings.ts";
import panel from "./panel.module.css";
import { PromptCard } from "./prompt-card.tsx";
import styles from "./prompts-panel.module.css";

export interface PromptsPanelProps {
  prompts: readonly Prompt[];
  current: Prompt | null;
  failed: boolean;
  onRetry: () => void;
  onFeedback: (prompt: Prompt, feedback: PromptFeedbackValue) => void;
}

export function PromptsPanel({ prompts, current, failed, onRetry, onFeedback }: PromptsPanelProps) {
  const earlier = earlierPrompts(prompts, current);
  const prepared = preparedPrompts(prompts);
  return (
    <div className={panel["column"]}>
      <div className={`${panel["scroll"]} ${styles["list"]}`}>
        <p>
          <Badge icon={Lock}>{callStrings.promptsPrivate}</Badge>
        </p>
        {failed && <Failure message={callStrings.promptsFailed} onRetry={onRetry} />}
        {current === null ? (
          <EmptyState icon={Lightbulb} title={callStrings.noPrompt}>
            {callStrings.noPromptWhy}
          </EmptyState>
        ) : (
          <PromptCard prompt={current} onFeedback={onFeedback} />
        )}
        <Group title={callStrings.prepared} prompts={prepared} />
        <Group title={callStrings.earlier} prompts={earlier} />
      </div>
    </div>
  );
}

function Group({ title, prompts }: { title: string; prompts: readonly Prompt[] }) {
  if (prompts.length === 0) return null;
  return (
    <section className={styles["group"]}>
      <h3 className={styles["groupTitle"]}>{title}</h3>
      <ul className={styles["earlier"]}>
        {prompts.map((prompt) => (
          <li key={prompt.id}>
            <p>{prompt.content}</p>
            <p className={styles["reason"]}>
              {prompt.type === "incall" && `${formatTimeline(prompt.atMs)} · `}
              {prompt.feedback === null ? callStrings.expired : callStrings.feedback[prompt.feedback]}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
