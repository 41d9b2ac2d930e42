// People: finding those of one's organisation, and one's connections.
import { Search, UsersRound } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { limits } from "../../../shared/limits.ts";
import type { Connections, PersonSummary } from "../../../shared/schemas/people.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useLive } from "../../api/live.ts";
import { useMe } from "../../api/session.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { TextInput } from "../../ui/field.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { useToast } from "../../ui/toast.tsx";
import { ConnectButton, useConnectionChange } from "./connect-button.tsx";
import styles from "./people.module.css";
import { peopleStrings } from "./strings.ts";

const words = peopleStrings.people;
const typingPauseMs = 250;
const topicsShown = 4;

export function PeoplePage() {
  const [tab, setTab] = useState<"find" | "connections">("find");
  const connections = useLive("connections", {});
  const asking = connections.data?.incoming.length ?? 0;
  return (
    <>
      <PageHeader title={words.title} under={words.under} />
      <Tabs
        label={words.tabs}
        selected={tab}
        onSelect={setTab}
        tabs={[
          { key: "find", label: words.find, content: <FindPeople /> },
          {
            key: "connections",
            label: words.connections,
            ...(asking === 0 ? {} : { mark: asking }),
            content: (
              <>
                {connections.status === "loading" && <Waiting label={peopleStrings.loading} />}
                {connections.status === "error" && (
                  <Failure error={connections.error} onRetry={connections.retry} />
                )}
                {connections.data !== null && <ConnectionLists connections={connections.data} />}
              </>
            ),
          },
        ]}
      />
    </>
  );
}

function FindPeople() {
  const me = useMe();
  const [typed, setTyped] = useState("");
  const [sought, setSought] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSought(typed), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed]);
  if (me.orgId === null) {
    return (
      <EmptyState icon={UsersRound} title={words.noOrganization}>
        {words.noOrganizationText}
      </EmptyState>
    );
  }
  return (
    <div className={styles["find"]}>
      <search>
        <TextInput
          type="search"
          label={words.search}
          hint={words.searchHint}
          value={typed}
          maxLength={limits.peopleSearchMaxChars}
          onChange={(event) => setTyped(event.target.value)}
        />
      </search>
      {/* Another search begins with its own first page. */}
      <Found key={sought} q={sought} />
    </div>
  );
}

function Found({ q }: { q: string }) {
  const me = useMe();
  const toast = useToast();
  const first = useLive("people", { q });
  const [further, setFurther] = useState<{ items: PersonSummary[]; nextCursor: string | null } | null>(null);
  const [busy, setBusy] = useState(false);
  if (first.status === "loading") return <Waiting label={peopleStrings.loading} />;
  if (first.data === null) return <Failure error={first.error} onRetry={first.retry} />;

  const cursor = further === null ? first.data.nextCursor : further.nextCursor;
  const people = [...first.data.items, ...(further?.items ?? [])].filter(({ userId }) => userId !== me.id);
  async function more(after: string) {
    setBusy(true);
    try {
      const page = await call(endpoints.searchPeople, { query: { q, cursor: after } });
      setFurther((known) => ({
        items: [...(known?.items ?? []), ...page.items],
        nextCursor: page.nextCursor,
      }));
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    } finally {
      setBusy(false);
    }
  }
  return (
    <Card>
      <p role="status" className={people.length === 0 ? "visually-hidden" : styles["quiet"]}>
        {people.length === 0 ? words.nobody : words.found(people.length, cursor !== null)}
      </p>
      {people.length === 0 && cursor === null && (
        <EmptyState icon={q === "" ? UsersRound : Search} title={q === "" ? words.empty : words.nobody}>
          {q === "" ? words.emptyText : words.nobodyText}
        </EmptyState>
      )}
      <PersonList people={people} />
      {cursor !== null && (
        <Button busy={busy} onClick={() => void more(cursor)}>
          {words.more}
        </Button>
      )}
    </Card>
  );
}

function PersonList({ people }: { people: readonly PersonSummary[] }) {
  return (
    <ul className={styles["people"]}>
      {people.map((person) => (
        <li key={person.userId} className={styles["person"]}>
          <Avatar id={person.userId} name={person.displayName} photo={person.photo} />
          <span className={styles["texts"]}>
            <Link className={styles["name"]} to={`/people/${person.userId}`}>
              {person.displayName}
            </Link>
            <span className={styles["quiet"]}>
              {[...person.offers, ...person.interests].slice(0, topicsShown).join(" · ")}
            </span>
          </span>
          <ConnectButton person={person} />
        </li>
      ))}
    </ul>
  );
}

function ConnectionLists({ connections }: { connections: Connections }) {
  const { incoming, outgoing, connected, blocked } = connections;
  const none = [incoming, outgoing, connected, blocked].every((list) => list.length === 0);
  if (none) {
    return (
      <EmptyState icon={UsersRound} title={words.noConnections}>
        {words.noConnectionsText}
      </EmptyState>
    );
  }
  const lists = [
    [words.incoming, incoming],
    [words.connected, connected],
    [words.outgoing, outgoing],
  ] as const;
  return (
    <div className={styles["find"]}>
      {lists
        .filter(([, people]) => people.length > 0)
        .map(([title, people]) => (
          <Card key={title} title={title}>
            <PersonList people={people} />
          </Card>
        ))}
      {blocked.length > 0 && (
        <Card title={words.blocked}>
          <p className={styles["quiet"]}>{words.blockedText}</p>
          <ul className={styles["people"]}>
            {blocked.map((person) => (
              <BlockedRow key={person.userId} person={person} />
            ))}
          </ul>
        </Card>
      )}
    </div>
  );
}

function BlockedRow({ person }: { person: Connections["blocked"][number] }) {
  const { busy, change } = useConnectionChange(person);
  const { unblock, unblockLabel } = peopleStrings.connect;
  return (
    <li className={styles["person"]}>
      <Avatar id={person.userId} name={person.displayName} photo={null} />
      <span className={styles["texts"]}>{person.displayName}</span>
      <Button
        size="small"
        busy={busy !== null}
        aria-label={unblockLabel(person.displayName)}
        onClick={() => void change("unblock")}
      >
        {unblock}
      </Button>
    </li>
  );
}
