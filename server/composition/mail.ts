// Emails: through the SMTP server that the settings name, or kept in the outbox.
import { createMailModule, type MailModuleOptions } from "../modules/mail/index.ts";
import type { MailConfig } from "../platform/config-mail.ts";
import { createOutboxTransport } from "../vendors/mail/outbox.ts";
import { createSmtpTransport } from "../vendors/mail/smtp.ts";

export async function createMail({
  config,
  ...parts
}: Omit<MailModuleOptions, "transport" | "mailFrom"> & { config: MailConfig }) {
  const transport =
    config.smtpUrl === null
      ? createOutboxTransport()
      : createSmtpTransport({ url: config.smtpUrl, dkim: config.dkim, bouncesTo: config.bouncesTo });
  return { transport, mail: await createMailModule({ ...parts, transport, mailFrom: config.from }) };
}
