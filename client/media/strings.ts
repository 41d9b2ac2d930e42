// Words about devices, for lobby and call.
import type { MediaProblem } from "./media-problems.ts";

const problems = {
  microphone: {
    denied:
      "The browser may not use your microphone: the others hear nothing from you. Allow it in the address bar.",
    missing: "No microphone was found: the others hear nothing from you.",
    busy: "Your microphone is in use by another program: the others hear nothing from you.",
    insecure: "Browsers give microphones to pages over https only: the others hear nothing from you.",
    unknown: "Your microphone could not be started: choose another one, or go on without.",
  },
  camera: {
    denied: "The browser may not use your camera: the others see your initials. Allow it in the address bar.",
    missing: "No camera was found: the others see your initials.",
    busy: "Your camera is in use by another program: the others see your initials.",
    insecure: "Browsers give cameras to pages over https only: the others see your initials.",
    unknown: "Your camera could not be started: choose another one, or go on without.",
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
} as const;
