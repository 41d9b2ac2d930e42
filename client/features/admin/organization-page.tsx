// The organisation of the session: its name, who belongs to it in which role, and who is invited.
import { Ellipsis, ShieldCheck, ShieldOff, UserX, Users } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { adminRole, type Member, type Organization } from "../../../shared/schemas/organizations.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useMe } from "../../api/session.tsx";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { IconButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Menu } from "../../ui/menu.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Named, Under } from "../../ui/rows.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { Table } from "../../ui/table.tsx";
import { useToast } from "../../ui/toast.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { Invitations } from "./invitations.tsx";
import { adminStrings } from "./strings.ts";

const words = adminStrings.organization;
const stateTones = { active: "success", inactive: "danger", pending: "warm" } as const;

export const roleName = (role: string) => words.roles[role] ?? role;

export function OrganizationPage() {
  const organization = useRequest(endpoints.adminOrganization, {});
  // What was shown stays while it is read anew after a change.
  const [shown, setShown] = useState<Organization | null>(null);
  if (organization.data !== null && organization.data !== shown) setShown(organization.data);
  return (
    <>
      <PageHeader
        title={words.title}
        {...(shown === null ? {} : { under: words.under(shown.name, shown.members.length) })}
      />
      {organization.status === "loading" && shown === null && <Waiting label={words.loading} />}
      {organization.status === "error" && (
        <Failure message={organization.error.message} onRetry={organization.retry} />
      )}
      {shown !== null && <Members organization={shown} onChanged={organization.retry} />}
      <Invitations />
    </>
  );
}

function Members({ organization, onChanged }: { organization: Organization; onChanged: () => void }) {
  const [leaving, setLeaving] = useState<Member | null>(null);
  const toast = useToast();
  const { members } = organization;

  async function remove(member: Member) {
    await call(endpoints.removeMember, { params: { membershipId: member.id } });
    toast({ text: words.removed(member.displayName) });
    onChanged();
  }

  return (
    <Card title={words.members}>
      {members.length === 0 ? (
        <EmptyState icon={Users} title={words.none} />
      ) : (
        <Table
          columns={[
            { head: words.name, cell: (member) => <MemberName member={member} /> },
            { head: words.role, cell: ({ role }) => roleName(role) },
            {
              head: words.state,
              cell: ({ state }) => <Badge tone={stateTones[state]}>{words.states[state]}</Badge>,
            },
            {
              head: <span className="visually-hidden">{words.change("")}</span>,
              look: "act",
              cell: (member) => <MemberMenu member={member} onChanged={onChanged} onRemove={setLeaving} />,
            },
          ]}
          rows={members}
          keyOf={({ id }) => id}
        />
      )}
      <ConfirmDialog
        open={leaving !== null}
        title={words.removeTitle(leaving?.displayName ?? "")}
        text={words.removeText(leaving?.displayName ?? "")}
        action={words.removeAction}
        onConfirm={() => (leaving === null ? Promise.resolve() : remove(leaving))}
        onClose={() => setLeaving(null)}
      />
    </Card>
  );
}

function MemberName({ member }: { member: Member }) {
  const me = useMe();
  const name =
    member.userId === me.id ? (
      <>
        {member.displayName}
        <Under> ({words.you})</Under>
      </>
    ) : (
      member.displayName
    );
  return <Named name={name}>{member.email !== null && <Under>{member.email}</Under>}</Named>;
}

function MemberMenu({
  member,
  onChanged,
  onRemove,
}: {
  member: Member;
  onChanged: () => void;
  onRemove: (member: Member) => void;
}) {
  const toast = useToast();
  const admin = member.role === adminRole;

  async function changeRole(role: string) {
    try {
      const params = { membershipId: member.id };
      const changed = await call(endpoints.changeMember, { params, body: { role } });
      toast({ text: words.changed(changed.displayName, roleName(changed.role)) });
      onChanged();
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    }
  }

  return (
    <Menu
      trigger={(ties) => (
        <IconButton icon={Ellipsis} label={words.change(member.displayName)} size="small" {...ties} />
      )}
      items={[
        admin
          ? { label: words.makeMember, icon: ShieldOff, onSelect: () => void changeRole("member") }
          : { label: words.makeAdmin, icon: ShieldCheck, onSelect: () => void changeRole(adminRole) },
        { label: words.remove, icon: UserX, onSelect: () => onRemove(member) },
      ]}
    />
  );
}
