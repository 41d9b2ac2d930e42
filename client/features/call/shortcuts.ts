// Which key does what in a call, apart from the page, so that the table can be read and tested.

export type ShortcutAction =
  "microphone" | "camera" | "hand" | "chat" | "toolbar" | "help" | "talk-start" | "talk-stop";

export interface KeyPress {
  type: "keydown" | "keyup";
  /** `KeyboardEvent.code` for letters: the key's place stays with Ctrl and Shift. */
  code: string;
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  repeat: boolean;
}

export interface KeyContext {
  /** Focus is where letters are written. */
  typing: boolean;
  /** Single-letter keys are switched on. */
  singleKeys: boolean;
  /** V is being held: its release counts wherever focus has gone meanwhile. */
  talking: boolean;
}

export function shortcutFor(press: KeyPress, context: KeyContext): ShortcutAction | null {
  if (press.type === "keyup") return press.key.toLowerCase() === "v" && context.talking ? "talk-stop" : null;
  if (press.altKey || press.metaKey) return null;
  if (press.ctrlKey) return press.repeat ? null : withControl(press);
  if (press.key === "F2" && !press.shiftKey) return "toolbar";
  if (press.key.toLowerCase() === "v" && !press.shiftKey) {
    return context.singleKeys && !context.typing && !press.repeat && !context.talking ? "talk-start" : null;
  }
  return null;
}

function withControl(press: KeyPress): ShortcutAction | null {
  const letter = press.key.toLowerCase();
  if (press.shiftKey) {
    if (letter === "h") return "hand";
    if (letter === "c") return "chat";
    // On some keyboards the slash stands on a shifted key.
    return letter === "/" ? "help" : null;
  }
  if (letter === "d") return "microphone";
  if (letter === "e") return "camera";
  return letter === "/" ? "help" : null;
}

/** Where letters are written; buttons, boxes and sliders are not such places. */
export function isTypingPlace(target: {
  tagName: string;
  type?: string | undefined;
  isContentEditable: boolean;
}): boolean {
  if (target.isContentEditable) return true;
  const tag = target.tagName.toLowerCase();
  if (tag === "textarea" || tag === "select") return true;
  return (
    tag === "input" && !["checkbox", "radio", "button", "submit", "range"].includes(target.type ?? "text")
  );
}
