// A growing list that stays at its end, unless the reader has scrolled up.
import { ArrowDown } from "lucide-react";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { callStrings } from "../strings.ts";
import panel from "./panel.module.css";

export interface FollowScrollProps {
  label: string;
  /** `log` is read out as it grows, `region` is not. */
  role: "log" | "region";
  /** Changes when something was added. */
  length: number;
  /** Changes when the reader wants to be at the end again, e.g. by writing something. */
  toEnd?: number;
  /** Who needs the scrolled element itself. */
  onRoot?: (root: HTMLDivElement | null) => void;
  children: ReactNode;
}

const nearEndPixels = 60;

export function FollowScroll({ label, role, length, toEnd = 0, onRoot, children }: FollowScrollProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const [wanted, setWanted] = useState(toEnd);
  if (wanted !== toEnd) {
    setWanted(toEnd);
    setFollowing(true);
  }

  useLayoutEffect(() => {
    if (following && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [length, following]);

  useEffect(() => onRoot?.(scroller.current), [onRoot]);

  // The panel may have been hidden, or of another size, when the last line came; and lines find their height late.
  useEffect(() => {
    const element = scroller.current;
    if (element === null || !following) return;
    const observer = new ResizeObserver(() => {
      element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    if (content.current !== null) observer.observe(content.current);
    return () => observer.disconnect();
  }, [following]);

  const onScroll = () => {
    const element = scroller.current;
    // A hidden list has no size, and says nothing about where the reader was.
    if (element === null || element.clientHeight === 0) return;
    setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < nearEndPixels);
  };

  return (
    <>
      <div
        className={panel["scroll"]}
        ref={scroller}
        onScroll={onScroll}
        role={role}
        aria-label={label}
        // What is there may change; what is new is read out.
        aria-relevant="additions"
        tabIndex={0}
      >
        <div ref={content}>{children}</div>
      </div>
      {!following && (
        <Button className={panel["latest"]} size="small" icon={ArrowDown} onClick={() => setFollowing(true)}>
          {callStrings.latest}
        </Button>
      )}
    </>
  );
}
