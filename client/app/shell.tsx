// The frame around the pages: skip link, navigation, theme, account, and what everybody should know right now.
import {
  ArrowLeftRight,
  CalendarDays,
  Flag,
  HardDrive,
  ImageUp,
  LogOut,
  Monitor,
  MonitorSmartphone,
  Moon,
  ShieldCheck,
  Sun,
  UserRound,
} from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Link, Outlet, useLocation, useNavigate } from "react-router";
import { isOrgAdmin } from "../../shared/actor.ts";
import { endpoints } from "../../shared/contract/endpoints.ts";
import { toApiError } from "../api/errors.ts";
import { switchOrganization, useMe, useSession, useStatus } from "../api/session.tsx";
import { useRequest } from "../api/use-request.ts";
import { useConnection } from "../api/use-connection.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Badge } from "../ui/badge.tsx";
import { IconButton } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";
import { useToast } from "../ui/toast.tsx";
import { BrandMark } from "./brand.tsx";
import { ImpersonationBanner } from "./impersonation-banner.tsx";
import { Navigation } from "./navigation.tsx";
import { shellStrings } from "./shell-strings.ts";
import styles from "./shell.module.css";
import { applyTheme, readTheme, type Theme, themes } from "./theme.ts";

const mainId = "content";
/** A reconnect that takes less is not worth a word. */
const offlineShownAfterMs = 2_500;

export function Shell() {
  const me = useMe();
  return (
    <>
      <a className={styles["skip"]} href={`#${mainId}`}>
        {shellStrings.skip}
      </a>
      <header className={styles["header"]}>
        <div className={styles["bar"]}>
          <Link to="/" className={styles["brand"]}>
            <BrandMark />
            <span className={styles["brandName"]}>{shellStrings.product}</span>
          </Link>
          <Navigation admin={isOrgAdmin(me) || me.operator} />
          <div className={styles["end"]}>
            <LocalMode />
            <ThemeSwitch />
            <Account />
          </div>
        </div>
        <ImpersonationBanner />
        <OfflineBanner />
      </header>
      <Main />
    </>
  );
}

/** Moves focus to the new page's start, as a full page load would. */
function Main() {
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <main id={mainId} tabIndex={-1} ref={main} className={styles["main"]}>
      <Outlet />
    </main>
  );
}

function LocalMode() {
  const status = useStatus();
  if (status.signIn !== "local") return null;
  return (
    <Badge tone="warm" icon={HardDrive} title={shellStrings.localModeExplained}>
      <span className={styles["localWords"]}>{shellStrings.localMode}</span>
    </Badge>
  );
}

const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const;

function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(readTheme);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
  return (
    <IconButton
      icon={themeIcons[theme]}
      label={`${shellStrings.theme[theme]}, ${shellStrings.themeNext(shellStrings.themeNames[next])}`}
      onClick={() => {
        applyTheme(next);
        setTheme(next);
      }}
    />
  );
}

function Account() {
  const me = useMe();
  const { signOut } = useSession();
  const navigate = useNavigate();
  const choices = useRequest(endpoints.listOrganizations, me.orgId === null ? null : {}).data?.items ?? [];
  const current = choices.find((choice) => choice.current);
  const switchable = choices.filter((choice) => !choice.current);
  const toast = useToast();
  return (
    <>
      <Menu
        trigger={(ties) => (
          <button type="button" className={styles["account"]} {...ties}>
            <span className="visually-hidden">{shellStrings.account}</span>
            <Avatar id={me.id} name={me.displayName} photo={me.photo} />
          </button>
        )}
        header={
          <>
            <div className={styles["who"]}>{me.displayName}</div>
            <div className={styles["address"]}>{me.email}</div>
            {current !== undefined && <div className={styles["address"]}>{current.name}</div>}
          </>
        }
        items={[
          ...switchable.map((choice) => ({
            label: shellStrings.switchTo(choice.name),
            icon: ArrowLeftRight,
            onSelect: () => {
              switchOrganization(choice.id).catch((error: unknown) =>
                toast({ text: toApiError(error).message, tone: "problem" }),
              );
            },
          })),
          {
            label: shellStrings.calendar,
            icon: CalendarDays,
            onSelect: () => void navigate("/calendar"),
          },
          {
            label: shellStrings.sessions,
            icon: MonitorSmartphone,
            onSelect: () => void navigate("/account/sessions"),
          },
          { label: shellStrings.photo, icon: ImageUp, onSelect: () => void navigate("/account/photo") },
          { label: shellStrings.plan, icon: Flag, onSelect: () => void navigate("/plan") },
          { label: shellStrings.profile, icon: UserRound, onSelect: () => void navigate("/account/profile") },
          { label: shellStrings.privacy, icon: ShieldCheck, onSelect: () => void navigate("/privacy") },
          {
            label: shellStrings.signOut,
            icon: LogOut,
            onSelect: () => {
              signOut().catch(() => toast({ text: shellStrings.signOutFailed, tone: "problem" }));
            },
          },
        ]}
      />
    </>
  );
}

function OfflineBanner() {
  const connection = useConnection();
  const [shown, setShown] = useState(false);
  const connected = connection === "connected";
  useEffect(() => {
    const timer = setTimeout(() => setShown(!connected), connected ? 0 : offlineShownAfterMs);
    return () => clearTimeout(timer);
  }, [connected]);
  // The region stays in the page, so that its change is announced.
  return <div role="status">{shown && <p className={styles["offline"]}>{shellStrings.offline}</p>}</div>;
}
