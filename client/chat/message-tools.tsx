// What can be done with a message, beside it while the pointer or the focus is there: react, reply, edit, delete.
import { ChevronLeft, Pencil, Reply, SmilePlus, Trash2 } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Message } from "../../shared/schemas/messages.ts";
import { Button, IconButton } from "../ui/button.tsx";
import styles from "./message.module.css";
import { ReactionChoice } from "./reactions.tsx";
import { type ChatRights, mayDelete, mayEdit, type OnChange } from "./rights.ts";
import { chatStrings as words } from "./strings.ts";

export interface MessageToolsProps {
  message: Message;
  name: string;
  rights: ChatRights;
  onChange: OnChange;
  onReply: ((message: Message) => void) | null;
  onEdit: () => void;
  /** The message itself takes the focus. */
  onDone: () => void;
}

type Part = "all" | "react" | "delete";

export function MessageTools(props: MessageToolsProps) {
  const { message, name, rights, onChange, onReply, onEdit, onDone } = props;
  const [part, setPart] = useState<Part>("all");
  const box = useRef<HTMLDivElement>(null);
  const opened = useRef(false);

  // What was pressed is gone: the keyboard goes on in what took its place.
  useEffect(() => {
    if (opened.current) box.current?.querySelector("button")?.focus();
    opened.current = false;
  }, [part]);
  const open = (next: Part) => {
    opened.current = true;
    setPart(next);
  };
  const close = () => {
    setPart("all");
    onDone();
  };
  const closeByKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  };
  // Elsewhere it is as if nothing had been begun.
  const forget = (event: { relatedTarget: EventTarget | null }) => {
    const { relatedTarget } = event;
    if (relatedTarget instanceof Node && box.current?.contains(relatedTarget) === true) return;
    if (!opened.current) setPart("all");
  };

  const deletable = mayDelete(rights, message);
  if (!rights.mayWrite && !deletable) return null;
  return (
    <div
      className={styles["tools"]}
      role="group"
      aria-label={words.tools(name)}
      aria-live="off"
      data-open={part !== "all"}
      ref={box}
      onKeyDown={closeByKey}
      onBlur={forget}
    >
      {part === "all" && (
        <>
          {rights.mayWrite && (
            <IconButton icon={SmilePlus} size="small" label={words.react} onClick={() => open("react")} />
          )}
          {onReply !== null && (
            <IconButton
              icon={Reply}
              size="small"
              label={words.replyTo(name)}
              onClick={() => onReply(message)}
            />
          )}
          {mayEdit(rights, message) && (
            <IconButton icon={Pencil} size="small" label={words.edit} onClick={onEdit} />
          )}
          {deletable && (
            <IconButton icon={Trash2} size="small" label={words.delete} onClick={() => open("delete")} />
          )}
        </>
      )}
      {part === "react" && (
        <>
          <ReactionChoice
            given={message.reactions}
            me={rights.me}
            onReact={(emoji, on) => {
              close();
              void onChange(message.id, { kind: "reaction", emoji, on });
            }}
          />
          <IconButton icon={ChevronLeft} size="small" label={words.back} onClick={close} />
        </>
      )}
      {part === "delete" && (
        <>
          <span className={styles["question"]}>{words.deleteSure}</span>
          <Button
            size="small"
            look="danger"
            onClick={() => {
              close();
              void onChange(message.id, { kind: "delete" });
            }}
          >
            {words.delete}
          </Button>
          <Button size="small" onClick={close}>
            {words.keep}
          </Button>
        </>
      )}
    </div>
  );
}
