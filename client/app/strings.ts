// The catalogue: every word that the application shows, by part. English for now; a translation replaces these objects.
export { uiStrings } from "../ui/strings.ts";
export { shellStrings } from "./shell-strings.ts";
export { homeStrings } from "../features/home/strings.ts";
export { scheduleStrings } from "../features/schedule/strings.ts";
export { recapStrings } from "../features/recap/strings.ts";
export { outboxStrings } from "../features/outbox/strings.ts";
export { lobbyStrings } from "../features/lobby/strings.ts";
export { callStrings } from "../features/call/strings.ts";
export { notesStrings } from "../features/notes/strings.ts";
export { mediaStrings } from "../media/strings.ts";
