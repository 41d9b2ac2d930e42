// Where a message is written: its words, its files, and what it answers.
import { Paperclip, SendHorizontal, X } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, type Ref, type SubmitEvent, useRef, useState } from "react";
import { limits } from "../../../../shared/limits.ts";
import type { Attachment } from "../../../../shared/schemas/attachments.ts";
import type { Message } from "../../../../shared/schemas/messages.ts";
import { fileTypes } from "../../../../shared/uploads.ts";
import { IconButton } from "../../../ui/button.tsx";
import { TextArea } from "../../../ui/field.tsx";
import { callStrings } from "../strings.ts";
import type { Upload, Uploads } from "../uploads.ts";
import { chatStrings } from "../../../chat/strings.ts";
import styles from "./chat-panel.module.css";
import panel from "./panel.module.css";
import { quoteOf } from "../../../chat/quote.ts";
import { UploadTray } from "./upload-tray.tsx";

/** Types and endings: some systems know one of them alone. */
const accept = Object.entries(fileTypes)
  .flatMap(([type, endings]) => [type, ...endings.map((ending) => `.${ending}`)])
  .join(",");

export interface ComposerProps {
  field: Ref<HTMLTextAreaElement>;
  replyTo: Message | null;
  replyName: string;
  onCancelReply: () => void;
  items: readonly Upload[];
  uploads: Uploads;
  onFiles: (files: readonly File[]) => void;
  onSend: (content: string, attachments: Attachment[]) => void;
}

export function Composer(props: ComposerProps) {
  const { field, replyTo, replyName, onCancelReply, items, uploads, onFiles, onSend } = props;
  const [text, setText] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const underWay = items.some(({ state }) => state.kind !== "ready");
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const content = text.trim();
    if (content === "" && items.length === 0) return;
    const attachments = uploads.take();
    // Something is still under way, or has failed: its row says so.
    if (attachments === null) return;
    onSend(content, attachments);
    setText("");
  };
  const onKey = (event: KeyboardEvent) => {
    // Shift+Enter is a new line; while an input method composes, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    form.current?.requestSubmit();
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    onFiles(pasted);
  };
  return (
    <form className={styles["composer"]} onSubmit={submit} ref={form}>
      {replyTo !== null && (
        <div className={styles["replying"]}>
          <span className={styles["quote"]}>{chatStrings.replyingTo(replyName, quoteOf(replyTo))}</span>
          <IconButton icon={X} size="small" label={callStrings.cancelReply} onClick={onCancelReply} />
        </div>
      )}
      <UploadTray items={items} uploads={uploads} />
      {underWay && text.trim() !== "" && <p className={styles["quiet"]}>{callStrings.uploadsUnderWay}</p>}
      <div className={styles["row"]}>
        <IconButton icon={Paperclip} label={callStrings.attach} onClick={() => input.current?.click()} />
        <input
          ref={input}
          type="file"
          multiple
          accept={accept}
          hidden
          onChange={(event) => {
            onFiles([...(event.target.files ?? [])]);
            // The same file again is a choice, too.
            event.target.value = "";
          }}
        />
        <TextArea
          ref={field}
          label={callStrings.chatLabel}
          labelHidden
          placeholder={callStrings.chatPlaceholder}
          rows={2}
          value={text}
          maxLength={limits.chatMessageMaxChars}
          className={panel["input"]}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKey}
          onPaste={onPaste}
        />
        <IconButton
          type="submit"
          icon={SendHorizontal}
          label={callStrings.send}
          look="primary"
          aria-disabled={underWay || undefined}
        />
      </div>
    </form>
  );
}
