// The frame around the career pages: which areas there are, and the page of one of them.
import { NavLink, Outlet } from "react-router";
import styles from "./career.module.css";
import { careerPages } from "./career-pages.ts";
import { careerStrings } from "./strings.ts";

export function CareerArea() {
  return (
    <>
      <nav className={styles["areas"]} aria-label={careerStrings.areas.label}>
        {careerPages.map(({ path, label }) => (
          <NavLink key={path} to={`/career/${path}`} className={styles["area"] ?? ""}>
            {label}
          </NavLink>
        ))}
      </nav>
      <Outlet />
    </>
  );
}
