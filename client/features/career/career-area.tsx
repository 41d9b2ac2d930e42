// The frame around the career pages: which areas there are, and the page of one of them.
import { Outlet } from "react-router";
import { AreaNav } from "../../ui/area-nav.tsx";
import { careerPages } from "./career-pages.ts";
import { careerStrings } from "./strings.ts";

export function CareerArea() {
  return (
    <>
      <AreaNav label={careerStrings.areas.label} root="/career" pages={careerPages} />
      <Outlet />
    </>
  );
}
