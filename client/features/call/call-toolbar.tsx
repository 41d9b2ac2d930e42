// The controls of the call: one stop for the Tab key, arrows between buttons, F2 from anywhere.
import {
  Hand,
  Keyboard,
  LogOut,
  type LucideIcon,
  Mic,
  MicOff,
  MonitorUp,
  MonitorX,
  PanelRight,
  Settings2,
  ShieldCheck,
  Video,
  VideoOff,
} from "lucide-react";
import { type KeyboardEvent, type Ref, useRef } from "react";
import { classNames } from "../../ui/class-names.ts";
import styles from "./call-toolbar.module.css";
import { callStrings } from "./strings.ts";

export interface CallToolbarProps {
  /** Focus comes here by F2. */
  bar: Ref<HTMLElement>;
  /** Null for people who only observe. */
  devices: {
    microphoneOn: boolean;
    cameraOn: boolean;
    sharing: boolean;
    mayShare: boolean;
    onMicrophone: () => void;
    onCamera: () => void;
    onShare: () => void;
  } | null;
  hand: boolean;
  onHand: () => void;
  panelOpen: boolean;
  onPanel: () => void;
  onSettings: () => void;
  /** Null for people who only observe: nothing of theirs is used. */
  onConsent: (() => void) | null;
  onHelp: () => void;
  onLeave: () => void;
}

export function CallToolbar({ bar, ...props }: CallToolbarProps) {
  const { devices } = props;
  const buttons = useRef<HTMLDivElement>(null);

  function move(event: KeyboardEvent<HTMLDivElement>) {
    const all = [...(buttons.current?.querySelectorAll("button") ?? [])];
    const at = all.findIndex((button) => button === document.activeElement);
    const to = nextIndex(event.key, at, all.length);
    if (to === null) return;
    event.preventDefault();
    all[to]?.focus();
  }

  return (
    <footer className={styles["frame"]} ref={bar}>
      <div
        ref={buttons}
        className={styles["bar"]}
        role="toolbar"
        aria-label={callStrings.toolbar}
        onKeyDown={move}
        onFocus={(event) => keepOneStop(buttons.current, event.target)}
      >
        {devices !== null && (
          <>
            <ToolButton
              first
              icon={devices.microphoneOn ? Mic : MicOff}
              label={devices.microphoneOn ? callStrings.muteOn : callStrings.muteOff}
              off={!devices.microphoneOn}
              keys="Control+D"
              onClick={devices.onMicrophone}
            />
            <ToolButton
              icon={devices.cameraOn ? Video : VideoOff}
              label={devices.cameraOn ? callStrings.cameraOn : callStrings.cameraOff}
              off={!devices.cameraOn}
              keys="Control+E"
              onClick={devices.onCamera}
            />
            {devices.mayShare && (
              <ToolButton
                icon={devices.sharing ? MonitorX : MonitorUp}
                label={devices.sharing ? callStrings.shareStop : callStrings.share}
                pressed={devices.sharing}
                onClick={devices.onShare}
              />
            )}
          </>
        )}
        <ToolButton
          first={devices === null}
          icon={Hand}
          label={props.hand ? callStrings.handDown : callStrings.handUp}
          pressed={props.hand}
          keys="Control+Shift+H"
          onClick={props.onHand}
        />
        <ToolButton
          icon={PanelRight}
          label={props.panelOpen ? callStrings.panelHide : callStrings.panelShow}
          pressed={props.panelOpen}
          onClick={props.onPanel}
        />
        {devices !== null && (
          <ToolButton icon={Settings2} label={callStrings.settings} onClick={props.onSettings} />
        )}
        {props.onConsent !== null && (
          <ToolButton icon={ShieldCheck} label={callStrings.consent} onClick={props.onConsent} />
        )}
        <ToolButton
          icon={Keyboard}
          label={callStrings.help}
          keys="Control+/"
          className={styles["wideOnly"]}
          onClick={props.onHelp}
        />
        <ToolButton
          icon={LogOut}
          label={callStrings.leave}
          className={styles["leave"]}
          onClick={props.onLeave}
        />
      </div>
    </footer>
  );
}

interface ToolButtonProps {
  icon: LucideIcon;
  label: string;
  /** The Tab key enters the toolbar here, until another button has had focus. */
  first?: boolean;
  off?: boolean;
  pressed?: boolean;
  keys?: string;
  className?: string | undefined;
  onClick: () => void;
}

function ToolButton({ icon: Icon, label, first, off, pressed, keys, className, onClick }: ToolButtonProps) {
  return (
    <button
      type="button"
      className={classNames(
        styles["tool"],
        off === true && styles["off"],
        pressed === true && styles["on"],
        className,
      )}
      tabIndex={first === true ? 0 : -1}
      aria-keyshortcuts={keys}
      title={label}
      onClick={onClick}
    >
      <Icon size={20} aria-hidden />
      <span className={styles["label"]}>{label}</span>
    </button>
  );
}

function keepOneStop(bar: HTMLElement | null, focused: Element): void {
  for (const button of bar?.querySelectorAll("button") ?? []) button.tabIndex = button === focused ? 0 : -1;
}

function nextIndex(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowLeft":
      return (at - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
