// The pages of one area, above each of them.
import { NavLink } from "react-router";
import styles from "./area-nav.module.css";

export function AreaNav({
  label,
  root,
  pages,
}: {
  label: string;
  /** Where the area begins, without a slash at its end. */
  root: string;
  pages: readonly { path: string; label: string }[];
}) {
  return (
    <nav className={styles["pages"]} aria-label={label}>
      {pages.map(({ path, label: name }) => (
        <NavLink key={path} to={`${root}/${path}`} className={styles["page"] ?? ""}>
          {name}
        </NavLink>
      ))}
    </nav>
  );
}
