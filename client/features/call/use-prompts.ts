// Prompts as a hook, for hosts: the list stays live, and feedback counts at once.
import { useCallback, useMemo, useState } from "react";
import type { MeetingId } from "../../../shared/ids.ts";
import type { Prompt, PromptFeedbackValue } from "../../../shared/schemas/prompts.ts";
import { toApiError } from "../../api/errors.ts";
import { randomKey } from "../../api/random-key.ts";
import { useLive } from "../../api/live.ts";
import { emit } from "../../api/socket.ts";
import { useToast } from "../../ui/toast.tsx";
import { currentPrompt } from "./prompt-choice.ts";

export interface UsePrompts {
  prompts: readonly Prompt[];
  current: Prompt | null;
  failed: boolean;
  retry: () => void;
  giveFeedback: (prompt: Prompt, feedback: PromptFeedbackValue) => void;
}

/** For hosts only: others are refused by the server. */
export function usePrompts(meetingId: MeetingId, nowMs: number): UsePrompts {
  const live = useLive("prompts", { meetingId });
  const toast = useToast();
  // Until the live list brings it: an answered card goes at once, and comes back where the server said no.
  const [answered, setAnswered] = useState<ReadonlyMap<string, PromptFeedbackValue>>(new Map());

  const prompts = useMemo(
    () =>
      (live.data ?? []).map((prompt) => ({
        ...prompt,
        feedback: prompt.feedback ?? answered.get(prompt.id) ?? null,
      })),
    [live.data, answered],
  );

  const giveFeedback = useCallback(
    (prompt: Prompt, feedback: PromptFeedbackValue) => {
      setAnswered((now) => new Map(now).set(prompt.id, feedback));
      const idempotencyKey = randomKey();
      emit("prompt:feedback", { meetingId, promptId: prompt.id, feedback, idempotencyKey }).catch(
        (thrown: unknown) => {
          setAnswered((now) => new Map([...now].filter(([id]) => id !== prompt.id)));
          toast({ text: toApiError(thrown).message, tone: "problem" });
        },
      );
    },
    [meetingId, toast],
  );

  return {
    prompts,
    current: currentPrompt(prompts, nowMs),
    failed: live.status === "error",
    retry: live.retry,
    giveFeedback,
  };
}
