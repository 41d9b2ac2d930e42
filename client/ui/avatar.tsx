// A person as their photo, or as coloured initials; decoration beside the name, so it is not read out.
import { useState } from "react";
import { endpoints } from "../../shared/contract/endpoints.ts";
import { addressOf } from "../api/http.ts";
import styles from "./avatar.module.css";
import { classNames } from "./class-names.ts";
import { initials, personHue } from "./person-hue.ts";
import { usePhotoOf } from "./photos.tsx";

export interface AvatarProps {
  /** The person's id, which decides the colour. */
  id: string;
  name: string;
  size?: "small" | "medium" | "large" | "huge";
  /** As the person's data name it; where none is given, as the page around knows it. */
  photo?: string | null;
}

export function Avatar({ id, name, size = "medium", photo }: AvatarProps) {
  const photoOf = usePhotoOf();
  const shown = photo === undefined ? photoOf(id) : photo;
  return (
    <span
      className={classNames(styles["avatar"], styles[size], styles[`hue${personHue(id)}`])}
      title={name}
      aria-hidden
    >
      {initials(name)}
      {shown !== null && <Photo key={shown} userId={id} photo={shown} />}
    </span>
  );
}

/** Over the initials, which show while it loads and where it may not be seen. */
function Photo({ userId, photo }: { userId: string; photo: string }) {
  const [failed, setFailed] = useState(false);
  if (failed) return null;
  return (
    <img
      className={styles["photo"]}
      src={addressOf(endpoints.personPhoto, { params: { userId }, query: { v: photo } })}
      alt=""
      draggable={false}
      decoding="async"
      onError={() => setFailed(true)}
    />
  );
}

export interface AvatarPerson {
  id: string;
  name: string;
  photo?: string | null;
}

/** Several people, at most `most` of them drawn. */
export function Avatars({ people, most = 5 }: { people: AvatarPerson[]; most?: number }) {
  return (
    <span className={styles["group"]} aria-hidden>
      {people.slice(0, most).map((person) => (
        <Avatar key={person.id} {...person} size="small" />
      ))}
    </span>
  );
}
