// The frame around the administrators' pages: which there are, and one of them.
import { NavLink, Outlet } from "react-router";
import { isOrgAdmin } from "../../../shared/actor.ts";
import { useMe } from "../../api/session.tsx";
import { adminPagesOf } from "./admin-pages.ts";
import { Failure } from "../../ui/notice.tsx";
import styles from "./admin.module.css";
import { adminStrings } from "./strings.ts";

export function AdminArea() {
  const me = useMe();
  // The server refuses them as well; here they are not even shown what there would be.
  const pages = adminPagesOf({ orgAdmin: isOrgAdmin(me), operator: me.operator });
  if (pages.length === 0) return <Failure message={adminStrings.notForYou} />;
  return (
    <>
      <nav className={styles["pages"]} aria-label={adminStrings.pages}>
        {pages.map(({ path, label }) => (
          <NavLink key={path} to={`/admin/${path}`} className={styles["page"] ?? ""}>
            {label}
          </NavLink>
        ))}
      </nav>
      <Outlet />
    </>
  );
}
