// What the endpoints of emails do.
import type { MailService } from "../../modules/mail/index.ts";
import type { mailEndpoints } from "../../../shared/contract/mail-endpoints.ts";
import type { Handlers } from "./endpoint-router.ts";

export function createMailHandlers({
  mail,
}: {
  mail: MailService;
}): Pick<Handlers, keyof typeof mailEndpoints> {
  return {
    listMail: (actor, { query }) => mail.list(actor, query),
    getMail: (actor, { params }) => mail.get(actor, params.mailId),
    async getMailAttachment(actor, { params, setFilename }) {
      const { filename, content } = await mail.attachment(actor, params.mailId, params.index);
      setFilename(filename);
      return content;
    },
    mailSettings: (actor) => mail.settings(actor),
    changeMailList: (actor, { body }) => mail.changeList(actor, body),
    retryMailAddress: (actor) => mail.retryAddress(actor),
    unsubscribePage: ({ params }) => mail.unsubscribe(params.token, "ask"),
    unsubscribe: ({ params }) => mail.unsubscribe(params.token, "stopped"),
    resubscribe: ({ params }) => mail.unsubscribe(params.token, "started"),
    mailBounceWebhook: ({ body }) => mail.takeBounce(body.message),
  };
}
