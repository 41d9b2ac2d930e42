// The frame around the administrators' pages: which there are, and one of them.
import { Outlet } from "react-router";
import { isOrgAdmin } from "../../../shared/actor.ts";
import { useMe } from "../../api/session.tsx";
import { adminPagesOf } from "./admin-pages.ts";
import { AreaNav } from "../../ui/area-nav.tsx";
import { Failure } from "../../ui/notice.tsx";
import { adminStrings } from "./strings.ts";

export function AdminArea() {
  const me = useMe();
  // The server refuses them as well; here they are not even shown what there would be.
  const pages = adminPagesOf({ orgAdmin: isOrgAdmin(me), operator: me.operator });
  if (pages.length === 0) return <Failure message={adminStrings.notForYou} />;
  return (
    <>
      <AreaNav label={adminStrings.pages} root="/admin" pages={pages} />
      <Outlet />
    </>
  );
}
