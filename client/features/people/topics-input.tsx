// A list of short words that grows as one types or chooses: topics, and languages by their names.
import { Plus, X } from "lucide-react";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import styles from "./people.module.css";
import { peopleStrings } from "./strings.ts";

const words = peopleStrings.profile;

export interface ChipsInputProps {
  label: string;
  hint?: string;
  add: string;
  values: readonly string[];
  most: number;
  maxChars: number;
  /** What a value is called. */
  nameOf?: (value: string) => string;
  /** What is meant by what was typed; null where it is nothing. */
  valueOf: (typed: string) => string | null;
  suggestions: readonly { name: string; values: readonly string[] }[];
  onChange: (values: string[]) => void;
}

export function ChipsInput({
  label,
  hint,
  add,
  values,
  most,
  maxChars,
  nameOf = (value) => value,
  valueOf,
  suggestions,
  onChange,
}: ChipsInputProps) {
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState("");
  const full = values.length >= most;

  function take(text: string) {
    const value = valueOf(text);
    if (value === null || full) return;
    if (!values.includes(value)) onChange([...values, value]);
    setTyped("");
  }
  function remove(value: string) {
    onChange(values.filter((other) => other !== value));
    input.current?.focus();
  }
  function press(event: KeyboardEvent<HTMLInputElement>) {
    if (event.nativeEvent.isComposing) return;
    if ((event.key === "Enter" || event.key === ",") && typed.trim() !== "") {
      event.preventDefault();
      take(typed);
    } else if (event.key === "Enter") event.preventDefault();
  }

  const offered = suggestions.flatMap((group) => group.values).filter((value) => !values.includes(value));
  return (
    <div className={styles["chipsField"]}>
      <Field label={label} hint={full ? words.most(most) : hint}>
        {(ties) => (
          <div className={styles["chipsEntry"]}>
            <input
              {...ties}
              ref={input}
              className={styles["chipsInput"]}
              value={typed}
              maxLength={maxChars}
              list={listId}
              disabled={full}
              onChange={(event) => {
                const text = event.target.value;
                // Chosen from the list of the field, as a whole; who types may go on with what is offered, too.
                if (isChosen(event.nativeEvent) && offered.some((value) => nameOf(value) === text))
                  take(text);
                else setTyped(text);
              }}
              onKeyDown={press}
            />
            <Button
              icon={Plus}
              aria-label={add}
              disabled={full || typed.trim() === ""}
              onClick={() => take(typed)}
            >
              {words.add}
            </Button>
          </div>
        )}
      </Field>
      <datalist id={listId}>
        {offered.map((value) => (
          <option key={value} value={nameOf(value)} />
        ))}
      </datalist>
      {values.length > 0 && (
        <ul className={styles["chips"]} aria-label={label}>
          {values.map((value) => (
            <li key={value} className={styles["chip"]}>
              <span>{nameOf(value)}</span>
              <button
                type="button"
                className={styles["chipRemove"]}
                aria-label={words.remove(nameOf(value))}
                onClick={() => remove(value)}
              >
                <X size={14} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      {suggestions.some(({ name }) => name !== "") && !full && (
        <details className={styles["suggestions"]}>
          <summary>{words.suggestions}</summary>
          {suggestions.map(({ name, values: group }) => (
            <fieldset key={name} className={styles["group"]}>
              <legend>{name}</legend>
              <div className={styles["chips"]}>
                {group.map((value) => {
                  const chosen = values.includes(value);
                  return (
                    <button
                      key={value}
                      type="button"
                      className={styles["suggestion"]}
                      aria-pressed={chosen}
                      onClick={() =>
                        chosen ? onChange(values.filter((other) => other !== value)) : take(value)
                      }
                    >
                      {nameOf(value)}
                    </button>
                  );
                })}
              </div>
            </fieldset>
          ))}
        </details>
      )}
    </div>
  );
}

/** Browsers call it a replacement, or do not say what it is. */
function isChosen(event: Event): boolean {
  return !(event instanceof InputEvent) || event.inputType === "insertReplacementText";
}
