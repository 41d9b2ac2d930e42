// Changes one's own name and time zone.
import { useState } from "react";
import { toApiError } from "../api/errors.ts";
import { useMe, useSession } from "../api/session.tsx";
import { limits } from "../../shared/limits.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Select, TextInput } from "../ui/field.tsx";
import { Failure } from "../ui/notice.tsx";
import { uiStrings } from "../ui/strings.ts";
import { timeZoneChoices } from "../ui/time-zones.ts";
import { useToast } from "../ui/toast.tsx";
import styles from "./profile-dialog.module.css";
import { shellStrings } from "./shell-strings.ts";

const words = shellStrings.profileDialog;
const formId = "profile-form";

export function ProfileDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={open}
      title={words.title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{uiStrings.cancel}</Button>
          <Button look="primary" type="submit" form={formId} busy={busy}>
            {words.save}
          </Button>
        </>
      }
    >
      <ProfileForm onDone={onClose} onBusy={setBusy} />
    </Dialog>
  );
}

function ProfileForm({ onDone, onBusy }: { onDone: () => void; onBusy: (busy: boolean) => void }) {
  const me = useMe();
  const { updateMe } = useSession();
  const toast = useToast();
  const [name, setName] = useState(me.displayName);
  const [timeZone, setTimeZone] = useState(me.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [problem, setProblem] = useState<string | null>(null);

  async function save() {
    onBusy(true);
    setProblem(null);
    try {
      await updateMe({ displayName: name, timeZone });
      toast({ text: words.saved });
      onDone();
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      onBusy(false);
    }
  }

  return (
    <form
      id={formId}
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {problem !== null && <Failure message={problem} />}
      <TextInput
        label={words.name}
        hint={words.nameHint}
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={limits.nameMaxChars}
        autoComplete="name"
        required
      />
      <Select
        label={words.timeZone}
        hint={words.timeZoneHint}
        value={timeZone}
        onChange={(event) => setTimeZone(event.target.value)}
      >
        {timeZoneChoices(timeZone).map((zone) => (
          <option key={zone} value={zone}>
            {zone.replaceAll("_", " ")}
          </option>
        ))}
      </Select>
    </form>
  );
}
