// Signs that people answer a message with: those that are there, and the eight to choose from.
import { reactionEmoji, type ReactionEmoji, type Reactions as Given } from "../../shared/schemas/messages.ts";
import { classNames } from "../ui/class-names.ts";
import styles from "./message.module.css";
import { chatStrings as words } from "./strings.ts";

export interface ReactionsProps {
  given: Given;
  me: string;
  nameOf: (userId: string) => string;
  /** Null where nobody reacts any more. */
  onReact: ((emoji: ReactionEmoji, on: boolean) => void) | null;
}

export function Reactions({ given, me, nameOf, onReact }: ReactionsProps) {
  if (given.length === 0) return null;
  return (
    // Not read out as they come: whoever wants them finds them with the message.
    <ul className={styles["reactions"]} aria-label={words.reactions} aria-live="off">
      {given.map(({ emoji, userIds }) => {
        const mine = userIds.some((id) => id === me);
        const label = words.reaction(emoji, userIds.map(nameOf));
        const shown = (
          <>
            <span aria-hidden>{emoji}</span>
            <span aria-hidden>{userIds.length}</span>
            <span className="visually-hidden">{label}</span>
          </>
        );
        return (
          <li key={emoji}>
            {onReact === null ? (
              <span className={styles["reaction"]} title={label}>
                {shown}
              </span>
            ) : (
              <button
                type="button"
                className={classNames(styles["reaction"], mine && styles["mine"])}
                aria-pressed={mine}
                title={label}
                onClick={() => onReact(emoji, !mine)}
              >
                {shown}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

export function ReactionChoice(props: {
  given: Given;
  me: string;
  onReact: (emoji: ReactionEmoji, on: boolean) => void;
}) {
  const { given, me, onReact } = props;
  const isMine = (emoji: ReactionEmoji) =>
    given.some((one) => one.emoji === emoji && one.userIds.some((id) => id === me));
  return reactionEmoji.map((emoji) => (
    <button
      key={emoji}
      type="button"
      className={classNames(styles["sign"], isMine(emoji) && styles["mine"])}
      aria-pressed={isMine(emoji)}
      aria-label={words.emoji[emoji]}
      title={words.emoji[emoji]}
      onClick={() => onReact(emoji, !isMine(emoji))}
    >
      <span aria-hidden>{emoji}</span>
    </button>
  ));
}
