// A message's words in place, to be changed: Enter saves, Escape leaves them as they are.
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import { limits } from "../../shared/limits.ts";
import { hasContent, type Message } from "../../shared/schemas/messages.ts";
import { toApiError } from "../api/errors.ts";
import { Button } from "../ui/button.tsx";
import { TextArea } from "../ui/field.tsx";
import styles from "./message.module.css";
import type { OnChange } from "./rights.ts";
import { chatStrings as words } from "./strings.ts";

export interface MessageEditorProps {
  message: Message;
  onChange: OnChange;
  onClose: () => void;
}

export function MessageEditor({ message, onChange, onClose }: MessageEditorProps) {
  const [text, setText] = useState(message.content);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const element = field.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);

  const save = async () => {
    const content = text.trim();
    if (busy || !hasContent({ content, attachments: message.attachments })) return;
    if (content === message.content) return onClose();
    setBusy(true);
    setProblem(null);
    try {
      await onChange(message.id, { kind: "edit", content });
      onClose();
    } catch (error) {
      setProblem(toApiError(error).message);
      setBusy(false);
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      return onClose();
    }
    // Shift+Enter is a new line; while an input method composes, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void save();
  };
  return (
    <div className={styles["editor"]} aria-live="off">
      <TextArea
        ref={field}
        label={words.words}
        labelHidden
        hint={words.wordsHint}
        rows={2}
        value={text}
        maxLength={limits.chatMessageMaxChars}
        error={problem}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKey}
      />
      <div className={styles["buttons"]}>
        <Button size="small" look="primary" busy={busy} onClick={() => void save()}>
          {words.save}
        </Button>
        <Button size="small" onClick={onClose}>
          {words.cancel}
        </Button>
      </div>
    </div>
  );
}
