// One layer of notes with its editor; loaded when it is first shown, as the editor is the largest part of the call.
import { EditorContent, useEditor } from "@tiptap/react";
import { useCallback, useEffect, useMemo } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { call } from "../../api/http.ts";
import { Waiting } from "../../ui/spinner.tsx";
import { useResource, useResourceState } from "../../ui/use-resource.ts";
import { editorExtensions } from "./editor-extensions.ts";
import { NotesSession, type NotesSessionState } from "./notes-session.ts";
import { NotesToolbar } from "./notes-toolbar.tsx";
import styles from "./notes.module.css";
import { SaveIndicator, SaveTrouble } from "./save-indicator.tsx";
import { hasUnsafeEdits, initialSaveState } from "./save-state.ts";
import { notesStrings } from "./strings.ts";

export interface NotesLayerProps {
  meetingId: MeetingId;
  me: { id: UserId; displayName: string };
  layer: "shared" | "mine";
  mayWrite: boolean;
}

const nothingYet: NotesSessionState = {
  save: initialSaveState(false),
  keptOnDevice: false,
  synced: false,
};

export function NotesLayer({ meetingId, me, layer, mayWrite }: NotesLayerProps) {
  const userId = me.id;
  const open = useCallback(
    () => new NotesSession({ meetingId, userId, layer, mayWrite, renewSession }),
    [meetingId, userId, layer, mayWrite],
  );
  const session = useResource(open, closeSession);
  const state = useResourceState(session, nothingYet);
  const unsafe = hasUnsafeEdits(state.save) && !state.keptOnDevice;
  useLeaveWarning(unsafe);

  if (session === null) return <Waiting label={notesStrings.loading} />;
  return (
    <div className={styles["layer"]}>
      <SaveTrouble state={state} onReconnect={() => session.reconnect()} />
      <NotesEditor
        session={session}
        state={state}
        layer={layer}
        me={{ id: me.id, name: me.displayName }}
        mayWrite={mayWrite}
      />
    </div>
  );
}

interface NotesEditorProps {
  session: NotesSession;
  state: NotesSessionState;
  layer: "shared" | "mine";
  me: { id: string; name: string };
  mayWrite: boolean;
}

function NotesEditor({ session, state, layer, me, mayWrite }: NotesEditorProps) {
  const { id, name } = me;
  const extensions = useMemo(
    () =>
      editorExtensions(session, {
        me: layer === "shared" ? { id, name } : null,
        placeholder: placeholderFor(layer, mayWrite),
      }),
    [session, layer, mayWrite, id, name],
  );
  const editor = useEditor(
    {
      extensions,
      editable: mayWrite,
      // The styles stand in our own file: the content security policy allows no style tags.
      injectCSS: false,
      editorProps: {
        attributes: {
          class: styles["editor"] ?? "",
          role: "textbox",
          "aria-multiline": "true",
          "aria-readonly": String(!mayWrite),
          "aria-label": layer === "shared" ? notesStrings.editorShared : notesStrings.editorMine,
          ...(mayWrite ? {} : { tabindex: "0" }),
        },
      },
    },
    [extensions],
  );
  return (
    <>
      {mayWrite && <NotesToolbar editor={editor} />}
      <EditorContent editor={editor} className={styles["paper"]} />
      <SaveIndicator state={state} />
    </>
  );
}

/** Where not even this device keeps the last words, leaving is asked about. */
function useLeaveWarning(unsafe: boolean): void {
  useEffect(() => {
    if (!unsafe) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [unsafe]);
}

function placeholderFor(layer: "shared" | "mine", mayWrite: boolean): string {
  if (!mayWrite) return notesStrings.placeholderReadOnly;
  return layer === "shared" ? notesStrings.placeholder : notesStrings.placeholderMine;
}

function closeSession(session: NotesSession): void {
  session.close();
}

/** A plain request renews the session's cookie where that is still possible. */
async function renewSession(): Promise<boolean> {
  return call(endpoints.me).then(
    () => true,
    () => false,
  );
}
