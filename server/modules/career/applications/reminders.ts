// Reminds people of what is next: an email at the time that they chose, once for each time.
import { z } from "zod";
import { applicationIdSchema } from "../../../../shared/ids.ts";
import { timestampSchema } from "../../../../shared/schemas/common.ts";
import { defaultEmailLanguage } from "../../../../shared/schemas/languages.ts";
import { defineJob, type Jobs } from "../../../jobs/index.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { MailService } from "../../mail/index.ts";
import type { UsersService } from "../../users/index.ts";
import { overStatuses } from "./application-steps.ts";
import { grown, type ApplicationPostings } from "./applications.service.ts";
import type { ApplicationsRepository, StoredApplication } from "./applications.repository.ts";
import { reminderEmail } from "./reminder-email.ts";

const waitsMs = [2_000, 10_000, 60_000, 300_000, 900_000];

export interface RemindersParts {
  repository: Pick<ApplicationsRepository, "byId" | "change">;
  postings: Pick<ApplicationPostings, "record">;
  jobs: Jobs;
  mail: Pick<MailService, "queue">;
  users: Pick<UsersService, "byIds">;
  clock: Clock;
  publicUrl: () => string;
}

/** Registers its job. `remindAt` is told of every change: what is asked for twice is sent once. */
export function createReminders(parts: RemindersParts): {
  remindAt(application: StoredApplication): Promise<void>;
} {
  const { repository, postings, jobs, mail, users, clock } = parts;

  const remind = defineJob({
    name: "career.remind",
    payload: z.object({ applicationId: applicationIdSchema, due: timestampSchema }),
    maxAttempts: waitsMs.length + 1,
    leaseMs: 60_000,
    backoffMs: (attempt) => waitsMs[attempt - 1] ?? 0,
    async run({ applicationId, due }) {
      const application = await repository.byId(applicationId);
      // Done, moved to another day, or gone in the meantime.
      if (application === null || !isDue(application, due)) return;
      const posting = await postings.record(application, application.jobId);
      const [person] = await users.byIds([application.userId]);
      if (posting === null || person === undefined || person.deletedAt !== null) return;
      const { displayName, email, timeZone, language } = person;
      await mail.queue({
        // The same time has the same email, whatever runs again.
        key: `application-reminder/${applicationId}/${due}`,
        kind: "application-reminder",
        meetingId: null,
        to: { userId: application.userId, email, name: displayName },
        attachments: [],
        ...reminderEmail({
          language: language ?? defaultEmailLanguage,
          timeZone: timeZone ?? "UTC",
          due: new Date(due),
          title: posting.title,
          company: posting.company,
          nextAction: application.nextAction,
          link: `${parts.publicUrl()}/career/applications/${applicationId}`,
        }),
      });
      const at = new Date(due);
      const known = application.timeline.some(
        (entry) => entry.kind === "reminded" && entry.at.getTime() === at.getTime(),
      );
      if (known) return;
      const timeline = grown(application, { at, kind: "reminded", from: null, to: null, text: null });
      // Where somebody changes it in this moment, the email alone tells of it.
      await repository.change(application, { timeline }, clock.now());
    },
  });
  jobs.register(remind);

  return {
    async remindAt(application) {
      const { id, nextActionDue } = application;
      if (nextActionDue === null || overStatuses.has(application.applicationStatus) || application.isDeleted)
        return;
      // What is long past needs no word: whoever writes it down knows.
      if (nextActionDue.getTime() < clock.now().getTime() - graceMs) return;
      const due = nextActionDue.toISOString();
      await jobs.rerun(remind, { applicationId: id, due }, { key: `${id}/${due}`, runAt: nextActionDue });
    },
  };
}

const graceMs = 60 * 60_000;

function isDue(application: StoredApplication, due: string): boolean {
  const { isDeleted, nextActionDue, applicationStatus } = application;
  return !isDeleted && nextActionDue?.toISOString() === due && !overStatuses.has(applicationStatus);
}
