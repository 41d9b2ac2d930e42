// Words of the design system's own parts.
import { formatTime } from "./times.ts";

export const uiStrings = {
  optional: "optional",
  close: "Close",
  cancel: "Cancel",
  dismiss: "Dismiss",
  undo: "Undo",
  retry: "Try again",
  tooOften: {
    title: "That was too often",
    text: "So many requests in a short time are held back, to keep Connvo quick for everybody. Nothing is lost.",
    wait: (seconds: number) =>
      seconds > 90
        ? `You can go on in ${Math.ceil(seconds / 60)} minutes.`
        : `You can go on in ${seconds === 1 ? "1 second" : `${seconds} seconds`}.`,
    at: (time: Date) => `You can go on at ${formatTime(time)}.`,
    over: "You can go on now.",
  },
  notifications: "Notifications",
  leaving: {
    title: "Leave without saving?",
    text: "What you have changed on this page is not saved yet.",
    leave: "Leave without saving",
    stay: "Stay here",
  },
} as const;
