// Who is signed in and what the server runs on, for the whole page.
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { endpoints } from "../../shared/contract/endpoints.ts";
import type { Me, Status, UpdateMe } from "../../shared/schemas/users.ts";
import { type ApiError, readErrorBody, toApiError } from "./errors.ts";
import { call, onSignedOut } from "./http.ts";
import { closeSocket } from "./socket.ts";

export type Session =
  | { kind: "loading" }
  | { kind: "signed-in"; me: Me; status: Status }
  /** `ended`: there was a session on this page, and it is over. */
  | { kind: "signed-out"; ended: boolean; status: Status | null }
  | { kind: "unreachable"; error: ApiError };

interface SessionControls {
  session: Session;
  reload(): void;
  updateMe(change: UpdateMe): Promise<void>;
  /** What a request of another part has brought. */
  takeMe(me: Me): void;
  /** Ends the session and leaves for where the server says. */
  signOut(): Promise<void>;
}

/** Tabs of a browser share its cookie: whoever signs in or switches in one of them does so for all. */
const tabs = "connvo.session";

const SessionContext = createContext<SessionControls | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session>({ kind: "loading" });
  const [attempt, setAttempt] = useState(0);
  const identity = identityOf(session);
  const shown = useRef(identity);

  useEffect(() => {
    let current = true;
    loadSession()
      .then((loaded) => {
        if (!current) return;
        const next = identityOf(loaded);
        // A connection goes on as whom it was opened for.
        if (shown.current !== null && shown.current !== next) closeSocket();
        shown.current = next;
        setSession(loaded);
      })
      .catch((error: unknown) => {
        if (current) setSession({ kind: "unreachable", error: toApiError(error) });
      });
    return () => {
      current = false;
    };
  }, [attempt]);

  useEffect(
    () =>
      onSignedOut(() => {
        closeSocket();
        setSession((now) =>
          now.kind === "signed-in" ? { kind: "signed-out", ended: true, status: now.status } : now,
        );
      }),
    [],
  );

  useEffect(() => {
    if (identity === null) return;
    const channel = new BroadcastChannel(tabs);
    channel.onmessage = ({ data }) => {
      if (data !== identity) setAttempt((count) => count + 1);
    };
    channel.postMessage(identity);
    return () => channel.close();
  }, [identity]);

  // A page that the browser had kept and shows again, by its back button, may have been left by signing out.
  useEffect(() => {
    const shown = ({ persisted }: PageTransitionEvent) => {
      if (persisted) setAttempt((count) => count + 1);
    };
    window.addEventListener("pageshow", shown);
    return () => window.removeEventListener("pageshow", shown);
  }, []);

  const reload = useCallback(() => {
    setSession({ kind: "loading" });
    setAttempt((count) => count + 1);
  }, []);

  const updateMe = useCallback(async (change: UpdateMe) => {
    const me = await call(endpoints.updateMe, { body: change });
    setSession((now) => (now.kind === "signed-in" ? { ...now, me } : now));
  }, []);

  const takeMe = useCallback((me: Me) => {
    setSession((now) => (now.kind === "signed-in" ? { ...now, me } : now));
  }, []);

  const signOut = useCallback(async () => {
    const target = await endSession();
    closeSocket();
    // Nothing of the person is left on a page that the browser keeps.
    setSession({ kind: "loading" });
    window.location.assign(target);
  }, []);

  const controls = useMemo(
    () => ({ session, reload, updateMe, takeMe, signOut }),
    [session, reload, updateMe, takeMe, signOut],
  );
  return <SessionContext value={controls}>{children}</SessionContext>;
}

export function useSession(): SessionControls {
  const controls = useContext(SessionContext);
  if (controls === null) throw new Error("useSession needs a SessionProvider above it.");
  return controls;
}

/** The signed-in person; for pages that are shown to signed-in people only. */
export function useMe(): Me {
  const { session } = useSession();
  if (session.kind !== "signed-in") throw new Error("useMe is for pages behind the sign-in.");
  return session.me;
}

/** Which parts run on embedded defaults; for pages that are shown to signed-in people only. */
export function useStatus(): Status {
  const { session } = useSession();
  if (session.kind !== "signed-in") throw new Error("useStatus is for pages behind the sign-in.");
  return session.status;
}

/** As whom and in which organisation pages act: they begin anew where it changes. Null while nobody is signed in. */
export function identityOf(session: Session): string | null {
  return session.kind === "signed-in" ? `${session.me.id} ${session.me.orgId ?? ""}` : null;
}

async function loadSession(): Promise<Session> {
  const [status, me] = await Promise.all([
    call(endpoints.status),
    call(endpoints.me).catch((error: unknown) => {
      const failure = toApiError(error);
      if (failure.status === 401) return null;
      throw failure;
    }),
  ]);
  if (me === null) return { kind: "signed-out", ended: false, status };
  if (me.timeZone !== null) return { kind: "signed-in", me, status };
  // Emails are written on the server, which cannot know where the reader is: told once, changed in the profile.
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const known = await call(endpoints.updateMe, { body: { timeZone } }).catch(() => me);
  return { kind: "signed-in", me: known, status };
}

/** Moves the session to another organisation, and begins anew at the start page: nothing of the one before stays. */
export async function switchOrganization(organizationId: string): Promise<void> {
  const response = await fetch("/auth/switch-organization", {
    method: "POST",
    credentials: "same-origin",
    headers: { accept: "application/json", "content-type": "application/json", "x-connvo-client": "1" },
    body: JSON.stringify({ organizationId }),
  });
  if (!response.ok) {
    const answer: unknown = await response.json().catch(() => null);
    throw readErrorBody(answer, response.status) ?? new Error("The switch was refused.");
  }
  window.location.assign("/");
}

/** Answers where to go from here. */
async function endSession(): Promise<string> {
  const response = await fetch("/auth/sign-out", {
    method: "POST",
    credentials: "same-origin",
    headers: { accept: "application/json", "x-connvo-client": "1" },
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw readErrorBody(answer, response.status) ?? new Error("Sign-out was refused.");
  return typeof answer === "object" && answer !== null && "redirectTo" in answer
    ? String(answer.redirectTo)
    : "/";
}
