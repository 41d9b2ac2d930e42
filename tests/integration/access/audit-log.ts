// What the audit log holds after all the requests of the access tests, and of one call from its beginning to its end.
import { describe, expect, test } from "vitest";
import { auditedEndpoints, type AuditedEndpoint } from "../../../server/transport/http/audited-endpoints.ts";
import type { AuditEntryView } from "../../../shared/schemas/audit.ts";
import type { Recap } from "../../../shared/schemas/insights.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { pngOf } from "../../../server/platform/uploads/testing-pictures.ts";
import type { TestServer } from "../../factories/server.ts";
import { administer } from "./administer.ts";
import { specs } from "./calls.ts";
import { keepOwnThings, meetByMatching } from "./own-doings.ts";

export interface AuditedWorld {
  host: string;
  token: TestServer["token"];
  meetingId: string;
  /** A token of an administrator of everybody's organisation. */
  administrator(): Promise<string>;
  api<Answer>(token: string, method: string, path: string, body?: unknown): Promise<Answer>;
}

/** To be called last: it looks back on what the other tests were refused. */
export function auditLogOfAll(world: () => AuditedWorld): void {
  describe("the audit log", () => {
    type Logged = Pick<AuditEntryView, "action" | "outcome" | "resourceId" | "metadata">;

    async function logged(filter: string): Promise<Logged[]> {
      const { api, administrator } = world();
      const admin = await administrator();
      const found: Logged[] = [];
      for (let cursor: string | null = ""; cursor !== null;) {
        const path = `/api/v1/admin/audit?limit=200&${filter}${cursor === "" ? "" : `&cursor=${cursor}`}`;
        const page: { items: Logged[]; nextCursor: string | null } = await api(admin, "GET", path);
        found.push(...page.items);
        cursor = page.nextCursor;
      }
      return found;
    }

    test.each(Object.entries<AuditedEndpoint>(auditedEndpoints))(
      "[AUDIT-4] what was refused by %s is in it",
      async (name, { action }) => {
        // Anybody may change themselves and what is theirs alone, ask about their calls, open a meeting and ask people;
        // vendors belong to none; links need no person.
        const open = [
          "requestDeletion",
          "cancelDeletion",
          "requestExport",
          "updateMe",
          "updateProfile",
          "changeConnection",
          "changeOwnPairing",
          "enterMatching",
          "leaveMatching",
          "createPlan",
          "createResume",
          "importResume",
          "bookTime",
          "addPosting",
          "uploadPosting",
          "changeCalendar",
          "makeFeed",
          "revokeFeed",
          "setBusyFrom",
          "removeBusyFrom",
          "askQuestion",
          "putPhoto",
          "deletePhoto",
          "endOtherSessions",
          "createMeeting",
          "planSeries",
          "decideConsentDefault",
          "changeMailList",
          "retryMailAddress",
          "unsubscribe",
          "resubscribe",
        ];
        if (open.includes(name) || specs[name]?.access === "webhook") return;
        const refused = await logged(`action=${action}&outcome=refused`);
        const forSome = ["org-admin", "operator"].includes(specs[name]?.access ?? "");
        const code = forSome ? "FORBIDDEN" : "NOT_FOUND";
        expect(refused.map(({ metadata }) => metadata["code"])).toContain(code);
      },
    );

    test("[AUDIT-4] what was refused by sockets, note streams and readings is in it", async () => {
      for (const action of [
        "meeting.join",
        "transcript.append",
        "chat.send",
        "call.enter",
        "live.subscribe",
      ]) {
        expect(await logged(`action=${action}&outcome=refused&resourceId=${world().meetingId}`)).not.toEqual(
          [],
        );
      }
      for (const action of ["notes.open", "meeting.read"]) {
        expect(await logged(`action=${action}&outcome=refused`)).not.toEqual([]);
      }
    });

    test("[AUDIT-4] whatever is done and not exempt is in it", async () => {
      const { api, host } = world();
      const { id } = await api<Meeting>(host, "POST", "/api/v1/meetings", { title: "Audited" });
      const path = `/api/v1/meetings/${id}`;
      const cancelled = await api<Meeting>(host, "POST", "/api/v1/meetings", { title: "Cancelled" });
      await api(host, "POST", `/api/v1/meetings/${cancelled.id}/cancel`);
      await api(host, "PATCH", path, { title: "Audited again", recapDelivery: "approval" });
      const invited = { email: "participant@example.org", role: "participant" };
      const { userId } = await api<{ userId: string }>(host, "POST", `${path}/participants`, invited);
      await api(host, "PATCH", `${path}/participants/${userId}`, { role: "observer" });
      await api(host, "DELETE", `${path}/participants/${userId}`);
      await api(host, "POST", `/api/v1/people/${userId}/connection`, { action: "request" });
      await api(host, "POST", `${path}/start`);
      const said = {
        clientKey: "said",
        text: "I will send the guide.",
        confidence: 1,
        startMs: 0,
        endMs: 900,
      };
      await api(host, "POST", `${path}/transcript`, { chunks: [said] });
      const renamed = { clientKey: "renamed", scope: "line", sequence: 1, to: { label: "Guest" } };
      await api(host, "POST", `${path}/transcript/speakers`, renamed);
      await api(host, "PATCH", `${path}/transcript/1`, {
        clientKey: "edited",
        text: "I will send the plan.",
      });
      // Over, a call takes no more of it.
      const upload = `${path}/attachments?clientKey=audited`;
      const file = await api<{ id: string }>(host, "POST", upload, Buffer.from("Words"));
      await api(host, "DELETE", `${path}/attachments/${file.id}`);
      await api(host, "POST", `${path}/end`);
      await expect
        .poll(async () => (await api<Recap>(host, "GET", `${path}/insights`)).status, { timeout: 60_000 })
        .toBe("ready");
      const recap = await api<Recap>(host, "GET", `${path}/insights`);
      const action = recap.insight?.actionItems[0];
      if (action !== undefined)
        await api(host, "PATCH", `${path}/insights/actions/${action.id}`, { done: true });
      await api(host, "POST", `${path}/insights/approve`);
      await api(host, "POST", `${path}/rating`, { score: 4 });
      await api(host, "DELETE", `${path}/rating`);
      await api(host, "PATCH", "/api/v1/me", { displayName: "Host" });
      await api(host, "PUT", "/api/v1/me/photo", pngOf(5, 5));
      await api(host, "DELETE", "/api/v1/me/photo");
      const elsewhereBusy = "/api/v1/me/calendar/busy-from";
      await api(host, "PUT", elsewhereBusy, { address: "https://calendar.invalid/busy.ics" });
      await api(host, "DELETE", elsewhereBusy);
      for (const subscribed of [false, true])
        await api(host, "PATCH", "/api/v1/me/emails", { list: "recap", subscribed });
      await administer(world());
      await keepOwnThings(host, world());
      await meetByMatching(world());
      const done = new Set((await logged("outcome=done")).map((entry) => entry.action));
      // A preparation must have failed, and an address been refused, before it is tried again; no vendor calls here.
      const elsewhere = [
        "recap.retry",
        "review.retry",
        "mail.retry-address",
        "transcript.receive-from-vendor",
        "speech.send",
      ];
      const missing = Object.values(auditedEndpoints)
        .filter((row) => typeof row.done === "string" && !elsewhere.includes(row.action))
        .map((row) => row.action)
        .filter((each) => !done.has(each));
      expect(missing).toEqual([]);
    });
  });
}
