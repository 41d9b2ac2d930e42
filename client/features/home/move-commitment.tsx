// Moving a commitment to another day: a date beside it, saved at once, taken back as easily.
import { CalendarClock } from "lucide-react";
import { useId, useRef, useState, type FormEvent } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { actionItemIdSchema } from "../../../shared/ids.ts";
import type { Commitment } from "../../../shared/schemas/meetings.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { commitmentStrings } from "../../commitments/strings.ts";
import { Button } from "../../ui/button.tsx";
import { TextInput } from "../../ui/field.tsx";
import { useToast } from "../../ui/toast.tsx";
import styles from "./home.module.css";
import { homeStrings } from "./strings.ts";

const words = homeStrings.commitments;

/** The page follows the live list: what was saved comes back with it. */
export function MoveCommitment({ commitment }: { commitment: Commitment }) {
  const toast = useToast();
  const [open, setOpen] = useState(false);
  const [day, setDay] = useState(commitment.movedTo ?? "");
  const [saving, setSaving] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const formId = useId();

  function close() {
    setOpen(false);
    opener.current?.focus();
  }

  async function save(movedTo: string | null) {
    setSaving(true);
    try {
      await call(endpoints.updateActionItem, {
        params: { id: commitment.meetingId, actionId: actionItemIdSchema.parse(commitment.id) },
        body: { movedTo },
      });
      toast({ text: movedTo === null ? words.movedBack : words.moved(commitmentStrings.day(movedTo)) });
      close();
    } catch (error) {
      toast({ text: words.failed + toApiError(error).message, tone: "problem" });
    } finally {
      setSaving(false);
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (day !== "" && !saving) void save(day);
  }

  return (
    <>
      <Button
        ref={opener}
        look="quiet"
        size="small"
        icon={CalendarClock}
        aria-expanded={open}
        aria-controls={formId}
        aria-label={words.moveOf(commitment.text)}
        onClick={() => setOpen((now) => !now)}
      >
        {words.move}
      </Button>
      {open && (
        <form
          id={formId}
          className={styles["move"]}
          onSubmit={submit}
          onKeyDown={(event) => event.key === "Escape" && close()}
        >
          <TextInput
            label={words.moveTo}
            type="date"
            required
            autoFocus
            value={day}
            onChange={(event) => setDay(event.target.value)}
          />
          <Button type="submit" look="primary" size="small" busy={saving}>
            {words.saveMove}
          </Button>
          {commitment.movedTo !== null && (
            <Button look="quiet" size="small" busy={saving} onClick={() => void save(null)}>
              {words.takeMoveBack}
            </Button>
          )}
        </form>
      )}
    </>
  );
}
