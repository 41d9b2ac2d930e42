// Words of the notes.
import type { SaveView } from "./save-state.ts";

const saveWords: Record<SaveView, string> = {
  connecting: "Connecting…",
  saved: "Saved",
  saving: "Saving…",
  offline: "Offline: everything so far is saved",
  "offline-unsaved": "Offline: kept on this device",
  "read-only": "Read only",
  refused: "Not saved",
  forbidden: "No access to these notes",
  "too-big": "Not saved: too large",
  "signed-out": "Signed out",
};

export const notesStrings = {
  layers: "Notes",
  shared: "Shared notes",
  mine: "My notes",
  minePrivate: "Only you can see these notes.",
  loading: "Opening the notes…",
  editorShared: "Shared notes",
  editorMine: "My notes, private",
  placeholder: "Write together. Type /action for an action item.",
  placeholderMine: "Notes for yourself. Type /action for an action item.",
  placeholderReadOnly: "Nothing has been written yet.",
  save: saveWords,
  offlineNotKept: "Offline: kept only while this page stays open",
  backAndSaved: "Connected again, notes saved",
  tooBigWhy:
    "The server refused an edit that is too large. Copy it elsewhere, make it smaller, and reconnect.",
  forbiddenWhy: "You were removed from the meeting, or its notes are closed to you.",
  signedOutWhy: "Sign in again to go on; what you wrote is kept here meanwhile.",
  signIn: "Sign in",
  reconnect: "Reconnect",
  tools: "Formatting",
  tool: {
    heading: "Heading",
    subheading: "Subheading",
    bold: "Bold",
    italic: "Italic",
    bulletList: "Bullet list",
    numberedList: "Numbered list",
    action: "Action item",
    undo: "Undo",
    redo: "Redo",
  },
  checkbox: (text: string) => (text === "" ? "Action item without text" : `Done: ${text}`),
  somebody: "Somebody",
} as const;
