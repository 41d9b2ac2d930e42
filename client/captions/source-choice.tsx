// The choice of who writes down what one says, with where the sound goes; nothing where there is nothing to choose.
import type { MeetingAi } from "../../shared/schemas/ai.ts";
import { rememberCallPreferences, useCallPreferences } from "../media/call-preferences.ts";
import { recognitionSupported } from "../media/recognition-support.ts";
import { Select } from "../ui/field.tsx";
import { captionsSource, type CaptionsSource } from "./source.ts";
import { captionsStrings as words } from "./strings.ts";

export interface SourceChoiceProps {
  speech: MeetingAi["speech"];
  /** Said where it is not seen beside the choice. */
  needs?: boolean;
}

export function SourceChoice({ speech, needs = false }: SourceChoiceProps) {
  const { captionsBy } = useCallPreferences();
  const browser = recognitionSupported();
  // A browser that can is asked whether it may by the question of consent.
  if (speech === null) return browser ? null : <p>{words.none}</p>;
  const source = captionsSource({ chosen: captionsBy, browser, speech });
  const choose = (value: string) => rememberCallPreferences({ captionsBy: value as CaptionsSource });
  return (
    <Select
      label={words.label}
      hint={
        source === "server" ? `${words.goesTo(speech.name)}${needs ? ` ${words.needs}` : ""}` : words[source]
      }
      value={source}
      onChange={(event) => choose(event.target.value)}
    >
      <option value="browser" disabled={!browser}>
        {browser ? words.options.browser : `${words.options.browser}: ${words.notIn}`}
      </option>
      <option value="server" disabled={!speech.allowed}>
        {words.options.server(speech.name)}
        {!speech.allowed && `: ${words.switchedOff}`}
      </option>
      <option value="typed">{words.options.typed}</option>
    </Select>
  );
}
