// What may be written down of what one says: asked before the call, never assumed.
import { rememberCallPreferences, useCallPreferences } from "../../media/call-preferences.ts";
import { recognitionSupported } from "../../media/recognition-support.ts";
import { Card } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/field.tsx";
import styles from "./lobby.module.css";
import { lobbyStrings } from "./strings.ts";

export function Consent() {
  const { transcribe } = useCallPreferences();
  return (
    <Card title={lobbyStrings.consent}>
      {recognitionSupported() ? (
        <Checkbox
          label={lobbyStrings.transcribe}
          hint={lobbyStrings.transcribeSpeech}
          checked={transcribe}
          onChange={(event) => rememberCallPreferences({ transcribe: event.target.checked })}
        />
      ) : (
        <p>{lobbyStrings.transcribeTyped}</p>
      )}
      <p className={styles["quiet"]}>{lobbyStrings.noRecording}</p>
    </Card>
  );
}
