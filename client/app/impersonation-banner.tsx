// Says on every page that somebody else is signed in as this person: nobody must take what is done for their own doing.
import { useMe } from "../api/session.tsx";
import { classNames } from "../ui/class-names.ts";
import styles from "./impersonation-banner.module.css";
import { shellStrings } from "./shell-strings.ts";

/** `floating` where a page has the whole window to itself. */
export function ImpersonationBanner({ floating = false }: { floating?: boolean }) {
  const { impersonator, displayName } = useMe();
  if (impersonator === null) return null;
  return (
    <p className={classNames(styles["banner"], floating && styles["floating"])} role="note">
      {shellStrings.impersonation(impersonator, displayName)}
    </p>
  );
}
