// The editor's buttons, which also say what the cursor stands in.
import type { Editor } from "@tiptap/core";
import { useEditorState } from "@tiptap/react";
import {
  Bold,
  Heading2,
  Heading3,
  Italic,
  List,
  ListChecks,
  ListOrdered,
  type LucideIcon,
  Redo2,
  Undo2,
} from "lucide-react";
import { IconButton } from "../../ui/button.tsx";
import styles from "./notes.module.css";
import { notesStrings } from "./strings.ts";

type ToolName = keyof typeof notesStrings.tool;

interface Tool {
  name: ToolName;
  icon: LucideIcon;
  run: (editor: Editor) => void;
  pressed?: (editor: Editor) => boolean;
}

const tools: readonly Tool[] = [
  {
    name: "heading",
    icon: Heading2,
    run: (editor) => void editor.chain().focus().toggleHeading({ level: 2 }).run(),
    pressed: (editor) => editor.isActive("heading", { level: 2 }),
  },
  {
    name: "subheading",
    icon: Heading3,
    run: (editor) => void editor.chain().focus().toggleHeading({ level: 3 }).run(),
    pressed: (editor) => editor.isActive("heading", { level: 3 }),
  },
  {
    name: "bold",
    icon: Bold,
    run: (editor) => void editor.chain().focus().toggleBold().run(),
    pressed: (editor) => editor.isActive("bold"),
  },
  {
    name: "italic",
    icon: Italic,
    run: (editor) => void editor.chain().focus().toggleItalic().run(),
    pressed: (editor) => editor.isActive("italic"),
  },
  {
    name: "bulletList",
    icon: List,
    run: (editor) => void editor.chain().focus().toggleBulletList().run(),
    pressed: (editor) => editor.isActive("bulletList"),
  },
  {
    name: "numberedList",
    icon: ListOrdered,
    run: (editor) => void editor.chain().focus().toggleOrderedList().run(),
    pressed: (editor) => editor.isActive("orderedList"),
  },
  {
    name: "action",
    icon: ListChecks,
    run: (editor) => void editor.chain().focus().toggleTaskList().run(),
    pressed: (editor) => editor.isActive("taskList"),
  },
  { name: "undo", icon: Undo2, run: (editor) => void editor.chain().focus().undo().run() },
  { name: "redo", icon: Redo2, run: (editor) => void editor.chain().focus().redo().run() },
];

export function NotesToolbar({ editor }: { editor: Editor }) {
  const pressed = useEditorState({
    editor,
    selector: ({ editor: current }) => tools.map((tool) => tool.pressed?.(current) ?? null),
  });
  return (
    <div className={styles["tools"]} role="group" aria-label={notesStrings.tools}>
      {tools.map((tool, index) => (
        <IconButton
          key={tool.name}
          icon={tool.icon}
          size="small"
          label={notesStrings.tool[tool.name]}
          {...(pressed[index] === null ? {} : { "aria-pressed": pressed[index] ?? false })}
          onClick={() => tool.run(editor)}
        />
      ))}
    </div>
  );
}
