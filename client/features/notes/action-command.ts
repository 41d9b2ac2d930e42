// "/action" at the start of a line turns it into an action item with a checkbox.
import { Extension, InputRule } from "@tiptap/core";

const command = "/action";

export const ActionCommand = Extension.create({
  name: "actionCommand",
  // Before the Enter of lists and paragraphs.
  priority: 1_100,

  addInputRules() {
    return [
      new InputRule({
        find: /^\/action\s$/,
        handler: ({ chain, range }) => void chain().deleteRange(range).toggleTaskList().run(),
      }),
    ];
  },

  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => {
        const { $from, empty } = editor.state.selection;
        if (!empty || $from.parent.textContent !== command) return false;
        const range = { from: $from.start(), to: $from.end() };
        return editor.chain().deleteRange(range).toggleTaskList().run();
      },
    };
  },
});
