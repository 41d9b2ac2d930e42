// The ways to the product's pages: all in a row where there is room; on small screens the first few, and a menu of the rest.
import {
  BriefcaseBusiness,
  Building2,
  CalendarDays,
  CalendarPlus,
  Ellipsis,
  Handshake,
  House,
  type LucideIcon,
  Mail,
  MessageCircleQuestionMark,
  UsersRound,
} from "lucide-react";
import { NavLink, useLocation, useNavigate } from "react-router";
import { classNames } from "../ui/class-names.ts";
import { Menu } from "../ui/menu.tsx";
import styles from "./navigation.module.css";
import { shellStrings } from "./shell-strings.ts";

interface Place {
  to: string;
  icon: LucideIcon;
  label: string;
}

const first: readonly Place[] = [
  { to: "/", icon: House, label: shellStrings.home },
  { to: "/schedule", icon: CalendarPlus, label: shellStrings.schedule },
  { to: "/calendar", icon: CalendarDays, label: shellStrings.calendarPlace },
  { to: "/people", icon: UsersRound, label: shellStrings.people },
  { to: "/match", icon: Handshake, label: shellStrings.match },
];
const further: readonly Place[] = [
  { to: "/career", icon: BriefcaseBusiness, label: shellStrings.career },
  { to: "/ask", icon: MessageCircleQuestionMark, label: shellStrings.ask },
  { to: "/outbox", icon: Mail, label: shellStrings.outbox },
];
const administration: Place = { to: "/admin", icon: Building2, label: shellStrings.admin };

export function Navigation({ admin }: { admin: boolean }) {
  const rest = admin ? [...further, administration] : further;
  return (
    <nav className={styles["nav"]} aria-label={shellStrings.navigation}>
      {first.map((place) => (
        <NavigationLink key={place.to} place={place} />
      ))}
      {rest.map((place) => (
        <NavigationLink key={place.to} place={place} wide />
      ))}
      <More places={rest} />
    </nav>
  );
}

/** `wide`: only where there is room for all of them. */
function NavigationLink({ place, wide = false }: { place: Place; wide?: boolean }) {
  const { to, icon: Icon, label } = place;
  return (
    <NavLink to={to} end={to === "/"} className={classNames(styles["link"], wide && styles["wide"])}>
      <Icon size={18} aria-hidden />
      {label}
    </NavLink>
  );
}

function More({ places }: { places: readonly Place[] }) {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const here = places.some(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  return (
    <div className={styles["more"]}>
      <Menu
        trigger={(ties) => (
          <button type="button" className={classNames(styles["link"], here && styles["here"])} {...ties}>
            <Ellipsis size={18} aria-hidden />
            {shellStrings.more}
          </button>
        )}
        items={places.map(({ to, icon, label }) => ({ label, icon, onSelect: () => void navigate(to) }))}
      />
    </div>
  );
}
