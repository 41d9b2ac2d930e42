// Who has a place in a call: roles, removal and invitation, each saved at once.
import { UserPlus, X } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { emailSchema } from "../../../shared/schemas/common.ts";
import type { Meeting, MeetingRole, Participant } from "../../../shared/schemas/meetings.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useMe } from "../../api/session.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Select, TextInput } from "../../ui/field.tsx";
import { uiStrings } from "../../ui/strings.ts";
import { useToast } from "../../ui/toast.tsx";
import { useRowFocus } from "../../ui/use-row-focus.ts";
import { roles } from "./people-rows.tsx";
import styles from "./schedule.module.css";
import { scheduleStrings } from "./strings.ts";

const words = scheduleStrings.edit;

export function ParticipantsEditor({ meeting }: { meeting: Meeting }) {
  const me = useMe();
  const toast = useToast();
  const [removing, setRemoving] = useState<Participant | null>(null);
  const list = useRowFocus(meeting.participants.length);

  async function attempt(work: () => Promise<unknown>, done: string) {
    try {
      await work();
      toast({ text: done });
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    }
  }

  const changeRole = (person: Participant, role: MeetingRole) =>
    attempt(
      () =>
        call(endpoints.changeParticipant, {
          params: { id: meeting.id, userId: person.userId },
          body: { role },
        }),
      words.roleChanged(person.displayName, scheduleStrings.roles[role]),
    );

  const remove = async (person: Participant) => {
    setRemoving(null);
    await attempt(
      () => call(endpoints.removeParticipant, { params: { id: meeting.id, userId: person.userId } }),
      words.removed(person.displayName),
    );
  };

  return (
    <>
      <ul className={styles["rows"]} {...list}>
        {meeting.participants.map((person) => (
          <li key={person.userId} className={styles["person"]}>
            <span className={styles["me"]}>
              <Avatar id={person.userId} name={person.displayName} photo={person.photo} size="small" />
              <span className={styles["nameAndAddress"]}>
                <span>
                  {person.userId === me.id ? scheduleStrings.you(person.displayName) : person.displayName}
                </span>
                {person.email !== null && <span className={styles["hint"]}>{person.email}</span>}
              </span>
            </span>
            <Select
              label={words.roleOf(person.displayName)}
              labelHidden
              value={person.role}
              onChange={(event) => void changeRole(person, event.target.value as MeetingRole)}
            >
              {roles.map((role) => (
                <option key={role} value={role}>
                  {scheduleStrings.roles[role]}
                </option>
              ))}
            </Select>
            {person.userId === me.id ? (
              <span className={styles["noButton"]} />
            ) : (
              <IconButton
                icon={X}
                label={words.remove(person.displayName)}
                onClick={() => setRemoving(person)}
              />
            )}
          </li>
        ))}
      </ul>
      <InviteForm meeting={meeting} />
      <Dialog
        open={removing !== null}
        title={words.removeTitle(removing?.displayName ?? "")}
        onClose={() => setRemoving(null)}
        actions={
          <>
            <Button onClick={() => setRemoving(null)}>{uiStrings.cancel}</Button>
            <Button look="danger" onClick={() => removing !== null && void remove(removing)}>
              {words.removeAction}
            </Button>
          </>
        }
      >
        <p>{words.removeText}</p>
      </Dialog>
    </>
  );
}

function InviteForm({ meeting }: { meeting: Meeting }) {
  const toast = useToast();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<MeetingRole>("participant");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function invite() {
    const address = emailSchema.safeParse(email);
    if (!address.success) {
      setProblem(scheduleStrings.problems.email);
      return;
    }
    setProblem(null);
    setBusy(true);
    try {
      await call(endpoints.inviteParticipant, {
        params: { id: meeting.id },
        body: { email: address.data, role },
      });
      toast({ text: words.invited(address.data) });
      setEmail("");
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className={styles["invite"]}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void invite();
      }}
    >
      <TextInput
        label={words.inviteLabel}
        type="email"
        autoComplete="off"
        value={email}
        error={problem}
        onChange={(event) => setEmail(event.target.value)}
      />
      <Select
        label={words.inviteRole}
        value={role}
        onChange={(event) => setRole(event.target.value as MeetingRole)}
      >
        {roles.map((choice) => (
          <option key={choice} value={choice}>
            {scheduleStrings.roles[choice]}
          </option>
        ))}
      </Select>
      <Button type="submit" icon={UserPlus} busy={busy}>
        {words.invite}
      </Button>
    </form>
  );
}
