// Words about devices, for lobby and call.
import type { MediaProblem } from "./media-problems.ts";

const problems = {
  microphone: {
    denied: "The browser may not use your microphone. Allow it in the address bar, or join without.",
    missing: "No microphone was found. You can join without: the others will hear nothing from you.",
    busy: "Your microphone is in use by another program. Close that program, or join without.",
    insecure: "Browsers give microphones to pages over https only. You can still join without.",
    unknown: "Your microphone could not be started. Choose another one, or join without.",
  },
  camera: {
    denied: "The browser may not use your camera. Allow it in the address bar, or join without.",
    missing: "No camera was found. You can join without: the others will see your initials.",
    busy: "Your camera is in use by another program. Close that program, or join without.",
    insecure: "Browsers give cameras to pages over https only. You can still join without.",
    unknown: "Your camera could not be started. Choose another one, or join without.",
  },
  screen: {
    denied: "The screen was not shared.",
    missing: "This browser cannot share a screen.",
    busy: "The screen could not be captured. Try another window.",
    insecure: "Browsers share screens from pages over https only.",
    unknown: "The screen could not be shared. Please try again.",
  },
} as const satisfies Record<string, Record<MediaProblem, string>>;

export const mediaStrings = {
  problems,
  microphone: "Microphone",
  camera: "Camera",
  speaker: "Speaker",
  unnamed: (kind: string, number: number) => `${kind} ${number}`,
  noDevice: "None found",
  level: "Microphone level",
  preview: "Your picture, as the others will see it",
  cameraOff: "Your camera is off",
  starting: "Starting your camera…",
  speakerBySystem: "This browser plays sound where your system does.",
} as const;
