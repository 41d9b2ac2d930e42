// Words of the design system's own parts.

export const uiStrings = {
  optional: "optional",
  close: "Close",
  cancel: "Cancel",
  dismiss: "Dismiss",
  undo: "Undo",
  retry: "Try again",
  notifications: "Notifications",
} as const;
