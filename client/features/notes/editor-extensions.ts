// What the notes' editor understands; the server turns the same nodes into Markdown.
import type { Extensions } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { CollaborationCaret } from "@tiptap/extension-collaboration-caret";
import { TaskItem, TaskList } from "@tiptap/extension-list";
import { Placeholder } from "@tiptap/extensions";
import { StarterKit } from "@tiptap/starter-kit";
import { notesFragmentName } from "../../../shared/protocol/notes-sync.ts";
import { personHue } from "../../ui/person-hue.ts";
import { ActionCommand } from "./action-command.ts";
import styles from "./notes.module.css";
import type { NotesSession } from "./notes-session.ts";
import { notesStrings } from "./strings.ts";

export interface NotesPerson {
  id: string;
  name: string;
}

/** `me` null: others do not see a cursor, as in a private layer. */
export function editorExtensions(
  session: NotesSession,
  options: { me: NotesPerson | null; placeholder: string },
): Extensions {
  return [
    StarterKit.configure({
      // The shared document has its own history: undo takes back one's own edits alone.
      undoRedo: false,
      heading: { levels: [1, 2, 3] },
      link: { openOnClick: true, autolink: true, HTMLAttributes: { rel: "noopener noreferrer nofollow" } },
    }),
    TaskList,
    TaskItem.configure({
      nested: true,
      a11y: { checkboxLabel: (node) => notesStrings.checkbox(node.textContent) },
    }),
    ActionCommand,
    Placeholder.configure({ placeholder: options.placeholder }),
    Collaboration.configure({ document: session.document, field: notesFragmentName }),
    ...(options.me === null ? [] : [carets(session, options.me)]),
  ];
}

// Colours come from classes by person, not from what others send: legible in both themes, and no foreign styles.
function carets(session: NotesSession, me: NotesPerson) {
  return CollaborationCaret.configure({
    provider: session.provider,
    user: { id: me.id, name: me.name },
    render: (user) => {
      const caret = document.createElement("span");
      caret.className = `${styles["caret"]} ${hueClass(user)}`;
      const label = document.createElement("span");
      label.className = styles["caretName"] ?? "";
      label.textContent = nameOf(user);
      caret.append(label);
      return caret;
    },
    selectionRender: (user) => ({
      nodeName: "span",
      class: `${styles["othersSelection"]} ${hueClass(user)}`,
    }),
  });
}

function hueClass(user: Record<string, unknown>): string {
  return styles[`hue${personHue(typeof user["id"] === "string" ? user["id"] : "")}`] ?? "";
}

function nameOf(user: Record<string, unknown>): string {
  const { name } = user;
  return typeof name === "string" && name !== "" ? name : notesStrings.somebody;
}
