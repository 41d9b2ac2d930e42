// A person as coloured initials; decoration beside the name, so it is not read out.
import styles from "./avatar.module.css";
import { classNames } from "./class-names.ts";
import { initials, personHue } from "./person-hue.ts";

export interface AvatarProps {
  /** The person's id, which decides the colour. */
  id: string;
  name: string;
  size?: "small" | "medium" | "large";
}

export function Avatar({ id, name, size = "medium" }: AvatarProps) {
  return (
    <span
      className={classNames(styles["avatar"], styles[size], styles[`hue${personHue(id)}`])}
      title={name}
      aria-hidden
    >
      {initials(name)}
    </span>
  );
}

/** Several people, at most `most` of them drawn. */
export function Avatars({ people, most = 5 }: { people: { id: string; name: string }[]; most?: number }) {
  return (
    <span className={styles["group"]} aria-hidden>
      {people.slice(0, most).map((person) => (
        <Avatar key={person.id} id={person.id} name={person.name} size="small" />
      ))}
    </span>
  );
}
