// One layer of notes with its editor; loaded when it is first shown, as the editor is the largest part of the call.
import { EditorContent, useEditor, useEditorState } from "@tiptap/react";
import { LayoutTemplate } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import { call } from "../../api/http.ts";
import { Button } from "../../ui/button.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { useResource, useResourceState } from "../../ui/use-resource.ts";
import { editorExtensions } from "./editor-extensions.ts";
import { NotesHistoryButton } from "./history-button.tsx";
import { NotesSession, type NotesSessionState } from "./notes-session.ts";
import { NotesToolbar } from "./notes-toolbar.tsx";
import styles from "./notes.module.css";
import { SaveIndicator, SaveTrouble } from "./save-indicator.tsx";
import { hasUnsafeEdits, initialSaveState } from "./save-state.ts";
import { notesStrings } from "./strings.ts";
import { TemplateChoice } from "./template-choice.tsx";
import { TemplatesDialog } from "./templates-dialog.tsx";

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
        meetingId={meetingId}
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
  meetingId: MeetingId;
  session: NotesSession;
  state: NotesSessionState;
  layer: "shared" | "mine";
  me: { id: string; name: string };
  mayWrite: boolean;
}

function NotesEditor({ meetingId, session, state, layer, me, mayWrite }: NotesEditorProps) {
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
  const isEmpty = useEditorState({ editor, selector: ({ editor: current }) => current.isEmpty });
  return (
    <>
      {mayWrite && <NotesToolbar editor={editor} />}
      {mayWrite && state.synced && isEmpty && <TemplateChoice meetingId={meetingId} layer={layer} />}
      <EditorContent editor={editor} className={styles["paper"]} />
      <div className={styles["footLine"]}>
        <SaveIndicator state={state} />
        {mayWrite && <NotesMenu meetingId={meetingId} layer={layer} />}
      </div>
    </>
  );
}

/** What belongs to the notes as a whole. Who only reads has neither. */
function NotesMenu({ meetingId, layer }: { meetingId: MeetingId; layer: "shared" | "mine" }) {
  const [templates, setTemplates] = useState(false);
  return (
    <div className={styles["menu"]}>
      <NotesHistoryButton meetingId={meetingId} layer={layer} />
      <Button size="small" look="quiet" icon={LayoutTemplate} onClick={() => setTemplates(true)}>
        {notesStrings.templates.open}
      </Button>
      <TemplatesDialog
        open={templates}
        meetingId={meetingId}
        layer={layer}
        onClose={() => setTemplates(false)}
      />
    </div>
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
