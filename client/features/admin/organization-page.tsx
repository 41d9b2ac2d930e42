// The organisation of the session: its name and who belongs to it.
import { Users } from "lucide-react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { Member, Organization } from "../../../shared/schemas/organizations.ts";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import styles from "./admin.module.css";
import { adminStrings } from "./strings.ts";

const words = adminStrings.organization;
const stateTones = { active: "success", inactive: "danger", pending: "warm" } as const;

export function OrganizationPage() {
  const organization = useRequest(endpoints.adminOrganization, {});
  const { data } = organization;
  return (
    <>
      <PageHeader
        title={words.title}
        {...(data === null ? {} : { under: words.under(data.name, data.members.length) })}
      />
      {organization.status === "loading" && <Waiting label={words.loading} />}
      {organization.status === "error" && <Failure error={organization.error} onRetry={organization.retry} />}
      {data !== null && <Members organization={data} />}
    </>
  );
}

function Members({ organization }: { organization: Organization }) {
  return (
    <Card title={words.members}>
      {organization.members.length === 0 ? (
        <EmptyState icon={Users} title={words.none} />
      ) : (
        <div className={styles["scroll"]}>
          <table className={styles["table"]}>
            <thead>
              <tr>
                <th scope="col">{words.name}</th>
                <th scope="col">{words.role}</th>
                <th scope="col">{words.state}</th>
              </tr>
            </thead>
            <tbody>
              {organization.members.map((member) => (
                <MemberRow key={member.id} member={member} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function MemberRow({ member }: { member: Member }) {
  return (
    <tr>
      <td>
        <span className={styles["person"]}>
          <span className={styles["name"]}>{member.displayName}</span>
          {member.email !== null && <span className={styles["address"]}>{member.email}</span>}
        </span>
      </td>
      <td>{words.roles[member.role] ?? member.role}</td>
      <td>
        <Badge tone={stateTones[member.state]}>{words.states[member.state]}</Badge>
      </td>
    </tr>
  );
}
