// A joined call on the screen: brings devices, people, panel and controls together.
import { Captions } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { UserId } from "../../../shared/ids.ts";
import type { MediaState } from "../../../shared/protocol/socket-events.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { useStatus } from "../../api/session.tsx";
import { ConsentDialog } from "../../consent/consent-dialog.tsx";
import { callPurposes } from "../../consent/purposes.ts";
import { useMeetingConsents } from "../../consent/use-meeting-consents.ts";
import { useCallPreferences } from "../../media/call-preferences.ts";
import { useLocalMedia } from "../../media/use-local-media.ts";
import type { LineRights } from "../../transcript/rights.ts";
import { Badge } from "../../ui/badge.tsx";
import { Notice } from "../../ui/notice.tsx";
import { AgendaClock } from "./agenda-clock.tsx";
import { HelpDialog, LeaveDialog, SettingsDialog } from "./call-dialogs.tsx";
import styles from "./call-screen.module.css";
import type { CallSession } from "./call-session.ts";
import { useOwnCaptions } from "./captions/use-own-captions.ts";
import { type CallState, namesOf } from "./call-state.ts";
import { CallToolbar } from "./call-toolbar.tsx";
import { ChatPanel } from "./panel/chat-panel.tsx";
import { HostPrompts } from "./panel/host-prompts.tsx";
import { OwnWords } from "./panel/own-words.tsx";
import { TranscriptPanel } from "./panel/transcript-panel.tsx";
import { LiveMirror } from "./live-mirror.tsx";
import { timelineMs } from "./server-time.ts";
import type { ShortcutAction } from "./shortcuts.ts";
import { type PanelTab, SidePanel } from "./side-panel.tsx";
import { Stage } from "./stage/stage.tsx";
import { callStrings } from "./strings.ts";
import { Troubles } from "./troubles.tsx";
import { useCallAccess, useCallConnection, useSecond, useServerClock } from "./use-call.ts";
import { useOutbound } from "./use-outbound.ts";
import { useShortcuts } from "./use-shortcuts.ts";

export interface CallScreenProps {
  meeting: Meeting;
  me: { id: UserId; displayName: string };
  session: CallSession;
  state: CallState;
  notes: ReactNode;
  onLeave: () => void;
  onEnded: (meeting: Meeting) => void;
}

export function CallScreen({ meeting, me, session, state, notes, onLeave, onEnded }: CallScreenProps) {
  const preferences = useCallPreferences();
  const nowMs = useServerClock();
  const second = useSecond(nowMs);
  const observing = meeting.myRole === "observer";
  const hosting = meeting.myRole === "host";
  const local = useLocalMedia(!observing);
  const [hand, setHand] = useState(false);
  const [talking, setTalking] = useState(false);
  const [tab, setTab] = useState<PanelTab>("notes");
  const [panelOpen, setPanelOpen] = useState(startsWithPanel);
  const [dialog, setDialog] = useState<"settings" | "help" | "leave" | "consent" | null>(null);
  const toolbar = useRef<HTMLElement>(null);
  const composer = useRef<HTMLTextAreaElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  // The page before is gone and its focus with it: the Tab key goes on from the call's beginning.
  useEffect(() => heading.current?.focus(), []);

  const microphoneOn = local.media.microphone.kind === "on";
  const outbound = useOutbound(session);
  const { startedAt } = meeting;
  const status = useStatus();
  const consents = useMeetingConsents(meeting.id);
  const captions = consents.answer("captions");
  // The answer is everybody's to give once; whether this device listens just now is another matter.
  const [listening, setListening] = useState(true);
  const ownCaptions = useOwnCaptions({
    meetingId: meeting.id,
    consents,
    // Nobody's words are taken before the call, while muted, or of who only watches.
    open: !observing && listening && startedAt !== null,
    microphone: microphoneOn ? local.media.audioTrack : null,
    language: preferences.language ?? navigator.language,
    startedAt,
    nowMs,
    addLine: session.addLine,
  });

  // What waits to be sent when somebody takes their consent back is not sent.
  useEffect(() => {
    if (captions !== "refused") return;
    for (const { chunk } of session.outbound.lines) session.outbound.discard(chunk.clientKey);
  }, [captions, session]);

  const tracks = useMemo(
    () => ({
      audio: local.media.audioTrack,
      camera: local.media.videoTrack,
      screen: local.media.screenTrack,
    }),
    [local.media.audioTrack, local.media.videoTrack, local.media.screenTrack],
  );
  const media = useMemo(
    (): MediaState => ({
      microphone: microphoneOn,
      camera: tracks.camera !== null,
      screen: tracks.screen !== null,
      hand,
      transcribing: ownCaptions.listening,
    }),
    [microphoneOn, tracks.camera, tracks.screen, hand, ownCaptions.listening],
  );
  const access = useCallAccess(meeting.id, meeting.state === "active");
  const connection = useCallConnection({
    meetingId: meeting.id,
    session,
    joins: state.joins,
    access: access.kind === "ready" ? access.access : null,
    tracks,
    media,
  });

  const { peers } = state;
  // As text: the same names are the same function, and a long transcript is not drawn again for a raised hand.
  const names = JSON.stringify(namesOf({ meeting, peers }));
  const name = useMemo(() => {
    const known = JSON.parse(names) as Record<string, string>;
    return (userId: string) => known[userId] ?? callStrings.somebody;
  }, [names]);
  const transcribed = peers.filter((peer) => peer.media.transcribing).map((peer) => peer.displayName);

  const openTab = (next: PanelTab) => {
    setTab(next);
    setPanelOpen(true);
  };
  const leave = () => (hosting ? setDialog("leave") : onLeave());
  const act = (action: ShortcutAction) => {
    switch (action) {
      case "microphone":
        return observing ? undefined : local.setMicrophone(!microphoneOn);
      case "camera":
        return observing ? undefined : local.setCamera(tracks.camera === null);
      case "hand":
        return setHand((raised) => !raised);
      case "chat":
        // Shown at once, so that the very next key is already written there.
        flushSync(() => openTab("chat"));
        return composer.current?.focus();
      case "toolbar":
        return toolbar.current?.querySelector<HTMLElement>('button[tabindex="0"]')?.focus();
      case "help":
        return setDialog((open) => (open === "help" ? null : "help"));
      case "talk-start":
        if (observing || microphoneOn) return;
        setTalking(true);
        return local.setMicrophoneBriefly(true);
      case "talk-stop":
        if (!talking) return;
        setTalking(false);
        return local.setMicrophoneBriefly(false);
    }
  };
  useShortcuts(preferences.singleKeys, act);

  const { id: meetingId, myRole: role } = meeting;
  // As text, for the same reason.
  const peopleText = JSON.stringify(
    meeting.participants.map(({ userId, displayName }) => ({ userId, displayName })),
  );
  const rights = useMemo((): LineRights => {
    const people = JSON.parse(peopleText) as LineRights["people"];
    return { meetingId, me: me.id, role, people, onCorrected: session.takeCorrection };
  }, [meetingId, me.id, role, peopleText, session]);
  const chat = (
    <ChatPanel
      meetingId={meetingId}
      chat={state.chat}
      me={{ id: me.id, name: me.displayName }}
      connected={state.connected}
      mayWrite={!observing}
      hosting={hosting}
      nameOf={name}
      onChange={session.changeMessage}
      onSend={session.sendMessage}
      onRetry={session.retryMessage}
      composer={composer}
    />
  );
  const transcript = (
    <TranscriptPanel
      log={state.transcript}
      outbound={outbound}
      nameOf={name}
      rights={rights}
      mayAppend={!observing}
      captions={captions}
      own={
        <OwnWords
          captions={captions}
          listening={listening}
          onListening={setListening}
          onConsent={() => setDialog("consent")}
          microphoneOn={microphoneOn}
          own={ownCaptions}
        />
      }
      onTyped={(text) => {
        const atMs = timelineMs(nowMs(), startedAt);
        return session.addLine({ text, confidence: 1, startMs: atMs, endMs: atMs, source: "typed" });
      }}
      onRetryLine={(clientKey) => session.outbound.retry(clientKey)}
      onDiscardLine={(clientKey) => session.outbound.discard(clientKey)}
    />
  );

  const panelProps = {
    open: panelOpen,
    tab,
    onTab: setTab,
    notes,
    transcript,
    chat,
    messages: state.chat.messages,
    arrivedAt: state.chat.arrivedAt,
  };

  return (
    <div className={styles["call"]} data-panel={panelOpen}>
      <title>{`${meeting.title} · Connvo`}</title>
      <header className={styles["head"]}>
        <h1 className={styles["title"]} tabIndex={-1} ref={heading}>
          {meeting.title}
        </h1>
        {(transcribed.length > 0 || media.transcribing) && (
          <Badge
            tone="danger"
            icon={Captions}
            title={callStrings.transcribingTitle(
              transcribed.length > 0 ? transcribed.join(", ") : me.displayName,
            )}
          >
            {callStrings.transcribing}
          </Badge>
        )}
        <AgendaClock meeting={meeting} nowMs={second} />
      </header>
      <div className={styles["notices"]}>
        {!state.connected && (
          <Notice tone="warm" live>
            <p>{callStrings.reconnecting}</p>
          </Notice>
        )}
        <Troubles local={local.media} access={access} status={connection.status} observing={observing} />
        {talking && (
          <p className="visually-hidden" role="status">
            {callStrings.talking}
          </p>
        )}
      </div>
      <main className={styles["main"]}>
        <Stage
          me={{ id: me.id, name: me.displayName }}
          participants={meeting.participants}
          myPeerId={state.myPeerId}
          peers={peers}
          connection={connection}
          tracks={tracks}
          media={media}
          showMe={!observing}
        />
        {hosting && preferences.mirror && <LiveMirror meeting={meeting} nowMs={second} />}
        {hosting ? (
          <HostPrompts meetingId={meeting.id} nowMs={second} shown={panelOpen && tab === "prompts"}>
            {(prompts, promptWaiting) => (
              <SidePanel {...panelProps} prompts={prompts} promptWaiting={promptWaiting} />
            )}
          </HostPrompts>
        ) : (
          <SidePanel {...panelProps} prompts={null} promptWaiting={false} />
        )}
      </main>
      <CallToolbar
        bar={toolbar}
        devices={
          observing
            ? null
            : {
                microphoneOn,
                cameraOn: tracks.camera !== null,
                sharing: tracks.screen !== null,
                mayShare: navigator.mediaDevices?.getDisplayMedia !== undefined,
                onMicrophone: () => act("microphone"),
                onCamera: () => act("camera"),
                onShare: local.toggleScreen,
              }
        }
        hand={hand}
        onHand={() => act("hand")}
        panelOpen={panelOpen}
        onPanel={() => setPanelOpen((open) => !open)}
        onSettings={() => setDialog("settings")}
        onConsent={observing ? null : () => setDialog("consent")}
        onHelp={() => setDialog("help")}
        onLeave={leave}
      />
      <SettingsDialog
        open={dialog === "settings"}
        onClose={() => setDialog(null)}
        local={local}
        hosting={hosting}
      />
      {!observing && (
        <ConsentDialog
          open={dialog === "consent"}
          onClose={() => setDialog(null)}
          consents={consents}
          purposes={callPurposes(status.video)}
          why={callStrings.consentWhy}
        />
      )}
      <HelpDialog open={dialog === "help"} onClose={() => setDialog(null)} />
      <LeaveDialog
        open={dialog === "leave"}
        meetingId={meeting.id}
        onStay={() => setDialog(null)}
        onLeave={onLeave}
        onEnded={onEnded}
      />
    </div>
  );
}

/** On a phone the panel is a sheet over half of the screen: the people come first. */
function startsWithPanel(): boolean {
  return window.matchMedia("(min-width: 721px)").matches;
}
