// One prompt for the coach: what to ask, why now, and what became of it.
import { Check, Lightbulb, ThumbsDown, ThumbsUp, X } from "lucide-react";
import type { Prompt, PromptFeedbackValue } from "../../../../shared/schemas/prompts.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { callStrings } from "../strings.ts";
import styles from "./prompts-panel.module.css";

export interface PromptCardProps {
  prompt: Prompt;
  onFeedback: (prompt: Prompt, feedback: PromptFeedbackValue) => void;
}

export function PromptCard({ prompt, onFeedback }: PromptCardProps) {
  const answer = (feedback: PromptFeedbackValue) => () => onFeedback(prompt, feedback);
  return (
    <article className={styles["card"]} aria-label={callStrings.prompt}>
      <Badge tone="machine" icon={Lightbulb}>
        {callStrings.prompt}
      </Badge>
      <p className={styles["content"]}>{prompt.content}</p>
      <p className={styles["reason"]}>
        <strong>{callStrings.promptWhy}</strong> {prompt.reason}
        {prompt.generatedBy !== "rules" && ` ${callStrings.promptBy(prompt.generatedBy)}`}
      </p>
      <div className={styles["answers"]}>
        <Button size="small" look="primary" icon={Check} onClick={answer("used")}>
          {callStrings.feedback.used}
        </Button>
        <Button size="small" icon={X} onClick={answer("dismissed")}>
          {callStrings.feedback.dismissed}
        </Button>
        <Button size="small" look="quiet" icon={ThumbsUp} onClick={answer("upvoted")}>
          {callStrings.feedback.upvoted}
        </Button>
        <Button size="small" look="quiet" icon={ThumbsDown} onClick={answer("wrong")}>
          {callStrings.feedback.wrong}
        </Button>
      </div>
    </article>
  );
}
