// Everything that an organisation's administrators do, and people with their own sign-ins, for the audit log to show.
import { decodeJwt } from "jose";
import type { Organization } from "../../../shared/schemas/organizations.ts";
import type { TestServer } from "../../factories/server.ts";

/** What administrators can do, each once; and what everybody can with their own sign-ins. */
export async function administer({
  token,
  api,
}: {
  token: TestServer["token"];
  api<Answer>(token: string, method: string, path: string, body?: unknown): Promise<Answer>;
}): Promise<void> {
  const admin = await token("admin@example.org", "admin", { org: "Acme", role: "admin" });
  const leaving = await token("leaving@example.org", "leaving", { org: "Acme" });
  await api(leaving, "GET", "/api/v1/me");
  const { members } = await api<Organization>(admin, "GET", "/api/v1/admin/organization");
  const member = `/api/v1/admin/members/${members.find(({ email }) => email === "leaving@example.org")?.id}`;
  await api(admin, "PATCH", member, { role: "coach" });
  await api(admin, "DELETE", member);
  const body = { email: "later@example.org" };
  const invited = await api<{ id: string }>(admin, "POST", "/api/v1/admin/invitations", body);
  await api(admin, "GET", "/api/v1/admin/invitations");
  await api(admin, "DELETE", `/api/v1/admin/invitations/${invited.id}`);
  const key = { name: "Key", scopes: ["meetings:read"] };
  const made = await api<{ id: string }>(admin, "POST", "/api/v1/admin/api-keys", key);
  await api(admin, "GET", "/api/v1/admin/api-keys");
  await api(admin, "DELETE", `/api/v1/admin/api-keys/${made.id}`);
  const second = await token("admin@example.org", "admin", { org: "Acme", role: "admin" });
  await api(second, "GET", "/api/v1/me");
  await api(admin, "DELETE", `/api/v1/me/sessions/${String(decodeJwt(second)["sid"])}`);
  await api(admin, "POST", "/api/v1/me/sessions/end-others");
}
