// Who is invited: a row a person, with a pasted list spread over rows.
import { Plus, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { limits } from "../../../shared/limits.ts";
import type { MeetingRole } from "../../../shared/schemas/meetings.ts";
import { useMe } from "../../api/session.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Select, TextInput } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { splitAddresses } from "./addresses.ts";
import { type DraftProblems, type PersonRow, withPasted } from "./meeting-draft.ts";
import styles from "./schedule.module.css";
import { scheduleStrings } from "./strings.ts";

const words = scheduleStrings;
export const roles = ["participant", "host", "observer"] as const satisfies readonly MeetingRole[];

export interface PeopleRowsProps {
  people: readonly PersonRow[];
  problems: DraftProblems;
  onChange: (people: PersonRow[]) => void;
}

export function PeopleRows({ people, problems, onChange }: PeopleRowsProps) {
  const me = useMe();
  const list = useRef<HTMLUListElement>(null);
  const focusLast = useRef(false);

  useEffect(() => {
    if (!focusLast.current) return;
    focusLast.current = false;
    const inputs = list.current?.querySelectorAll<HTMLInputElement>("input");
    inputs?.[inputs.length - 1]?.focus();
  }, [people.length]);

  function changeRow(key: number, change: Partial<PersonRow>) {
    onChange(people.map((row) => (row.key === key ? { ...row, ...change } : row)));
  }
  function addRow() {
    focusLast.current = true;
    const key = Math.max(0, ...people.map((row) => row.key)) + 1;
    onChange([...people, { key, email: "", role: "participant" }]);
  }
  function removeRow(key: number) {
    focusLast.current = people.length > 1;
    onChange(people.filter((row) => row.key !== key));
  }

  return (
    <>
      <div className={styles["me"]}>
        <Avatar id={me.id} name={me.displayName} photo={me.photo} size="small" />
        <span>{words.you(me.displayName)}</span>
        <span className={styles["muted"]}>{words.yourRole}</span>
      </div>
      <ul className={styles["rows"]} ref={list}>
        {people.map((row, index) => (
          <li key={row.key} className={styles["person"]}>
            <TextInput
              label={words.fields.email(index + 1)}
              labelHidden
              type="email"
              autoComplete="off"
              placeholder={words.fields.emailPlaceholder}
              value={row.email}
              error={problems[`people.${row.key}`]}
              onChange={(event) => changeRow(row.key, { email: event.target.value })}
              onPaste={(event) => {
                const addresses = splitAddresses(event.clipboardData.getData("text"));
                if (addresses.length < 2) return;
                event.preventDefault();
                onChange(withPasted(people, row.key, addresses).slice(0, limits.meetingMaxParticipants));
              }}
            />
            <Select
              label={words.fields.role(index + 1)}
              labelHidden
              value={row.role}
              onChange={(event) => changeRow(row.key, { role: event.target.value as MeetingRole })}
            >
              {roles.map((role) => (
                <option key={role} value={role}>
                  {words.roles[role]}
                </option>
              ))}
            </Select>
            <IconButton icon={X} label={words.removePerson(row.email)} onClick={() => removeRow(row.key)} />
          </li>
        ))}
      </ul>
      {problems["people"] !== undefined && <Failure message={problems["people"]} />}
      <div className={styles["under"]}>
        <Button icon={Plus} size="small" onClick={addRow}>
          {words.addPerson}
        </Button>
        <span className={styles["hint"]}>{words.pasteHint}</span>
      </div>
      <p className={styles["hint"]}>{words.rolesHint}</p>
    </>
  );
}
