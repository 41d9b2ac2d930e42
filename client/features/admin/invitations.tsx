// Who is invited to the organisation, and inviting somebody by address.
import { MailPlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { PendingInvitation } from "../../../shared/schemas/organizations.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Select, TextInput } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { Named, Row, Rows, Under } from "../../ui/rows.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import styles from "./admin.module.css";
import { adminStrings } from "./strings.ts";

const words = adminStrings.invitations;
const { roles } = adminStrings.organization;

export function Invitations() {
  const invitations = useRequest(endpoints.listInvitations, {});
  return (
    <Card title={words.title}>
      <InviteForm onInvited={invitations.retry} />
      {invitations.status === "loading" && <Waiting label={words.loading} />}
      {invitations.status === "error" && (
        <Failure message={invitations.error.message} onRetry={invitations.retry} />
      )}
      {invitations.data?.items.length === 0 && <p className={styles["quiet"]}>{words.none}</p>}
      <Rows>
        {invitations.data?.items.map((invitation) => (
          <Pending key={invitation.id} invitation={invitation} onRevoked={invitations.retry} />
        ))}
      </Rows>
    </Card>
  );
}

function InviteForm({ onInvited }: { onInvited: () => void }) {
  const toast = useToast();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState("member");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function invite(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const invited = await call(endpoints.inviteMember, { body: { email, role } });
      toast({ text: words.sent(invited.email) });
      setEmail("");
      onInvited();
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={styles["invite"]} onSubmit={(event) => void invite(event)}>
      <TextInput
        label={words.email}
        type="email"
        autoComplete="off"
        maxLength={254}
        required
        value={email}
        error={problem}
        onChange={(event) => setEmail(event.target.value)}
      />
      <Select label={words.role} value={role} onChange={(event) => setRole(event.target.value)}>
        {Object.entries(roles).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </Select>
      <Button look="primary" type="submit" icon={MailPlus} busy={busy}>
        {words.send}
      </Button>
    </form>
  );
}

function Pending({ invitation, onRevoked }: { invitation: PendingInvitation; onRevoked: () => void }) {
  const toast = useToast();
  const [busy, setBusy] = useState(false);

  async function revoke() {
    setBusy(true);
    try {
      await call(endpoints.revokeInvitation, { params: { invitationId: invitation.id } });
      toast({ text: words.revoked(invitation.email) });
      onRevoked();
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
      setBusy(false);
    }
  }

  return (
    <Row
      act={
        <Button
          size="small"
          busy={busy}
          aria-label={words.revokeLabel(invitation.email)}
          onClick={() => void revoke()}
        >
          {words.revoke}
        </Button>
      }
    >
      <Named name={invitation.email}>
        <Under>
          {roles[invitation.role] ?? invitation.role} ·{" "}
          {words.until(formatShort(new Date(invitation.expiresAt)))}
        </Under>
      </Named>
    </Row>
  );
}
