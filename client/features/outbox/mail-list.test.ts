import { expect, it } from "vitest";
import { mailIdSchema } from "../../../shared/ids.ts";
import type { MailStatus, MailSummary } from "../../../shared/schemas/mail.ts";
import { mergeMails } from "./mail-list.ts";

it("each email shows once, newest first, with its live status", () => {
  const merged = mergeMails([mail(3, "sent"), mail(2, "kept")], [mail(2, "queued"), mail(1, "kept")]);
  expect(merged.map(({ subject, status }) => [subject, status])).toEqual([
    ["3", "sent"],
    ["2", "kept"],
    ["1", "kept"],
  ]);
});

function mail(day: number, status: MailStatus): MailSummary {
  return {
    id: mailIdSchema.parse(String(day).padStart(24, "0")),
    kind: "recap",
    meetingId: null,
    toEmail: "a@example.org",
    toName: null,
    subject: String(day),
    status,
    attempts: 0,
    createdAt: `2026-03-0${day}T10:00:00.000Z`,
    sentAt: null,
  };
}
