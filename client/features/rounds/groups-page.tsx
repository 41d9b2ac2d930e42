// The organisation's groups for pairing: each with its next and its last round.
import { Plus, Scale, UsersRound } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { PairingGroupList } from "../../../shared/schemas/matching-rounds.ts";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import { GroupForm } from "./group-form.tsx";
import styles from "./rounds.module.css";
import { roundsStrings as words } from "./strings.ts";

export function GroupsPage() {
  const list = useRequest(endpoints.adminPairingGroups, {});
  const [making, setMaking] = useState(false);
  const navigate = useNavigate();
  const toast = useToast();
  return (
    <>
      <PageHeader
        title={words.title}
        under={words.under}
        actions={
          <>
            <ButtonLink icon={Scale} to="/admin/matching/weights">
              {words.weights}
            </ButtonLink>
            {!making && (
              <Button look="primary" icon={Plus} onClick={() => setMaking(true)}>
                {words.newGroup}
              </Button>
            )}
          </>
        }
      />
      <div className={styles["page"]}>
        {making && (
          <Card title={words.form.titleNew}>
            <GroupForm
              group={null}
              onCancel={() => setMaking(false)}
              onSaved={(group) => {
                toast({ text: words.group.made });
                void navigate(`/admin/matching/${group.id}`);
              }}
            />
          </Card>
        )}
        {list.status === "loading" && <Waiting label={words.loading} />}
        {list.status === "error" && <Failure error={list.error} onRetry={list.retry} />}
        {list.data?.groups.length === 0 && !making && (
          <EmptyState icon={UsersRound} title={words.emptyTitle}>
            {words.empty}
          </EmptyState>
        )}
        {list.data !== null && list.data.groups.length > 0 && (
          <ul className={styles["list"]}>
            {list.data.groups.map((group) => (
              <li key={group.id}>
                <GroupCard group={group} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

function GroupCard({ group }: { group: PairingGroupList["groups"][number] }) {
  const { next, last } = group;
  return (
    <Card
      title={group.name}
      aside={
        <span className={styles["badges"]}>
          {!group.active && <Badge tone="warm">{words.resting}</Badge>}
          <Badge>{words.kinds[group.kind]}</Badge>
          <Badge>{words.people(group.members)}</Badge>
          <Badge>{words.every(group.schedule.everyWeeks)}</Badge>
        </span>
      }
    >
      <div className={styles["facts"]}>
        <span>{next === null ? words.noNext : words.next(formatShort(new Date(next.startsAt)))}</span>
        {last?.figures !== undefined && last.figures !== null && (
          <span>{words.last(last.figures.groups, formatShort(new Date(last.startsAt)))}</span>
        )}
      </div>
      <div className={styles["buttons"]}>
        <ButtonLink to={`/admin/matching/${group.id}`} aria-label={`${words.open}: ${group.name}`}>
          {words.open}
        </ButtonLink>
        {next !== null && (
          <ButtonLink
            look="quiet"
            to={`/admin/matching/rounds/${next.id}`}
            aria-label={`${words.look}: ${group.name}`}
          >
            {words.look}
          </ButtonLink>
        )}
      </div>
    </Card>
  );
}
