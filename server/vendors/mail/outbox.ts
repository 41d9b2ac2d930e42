// Mail without a server: nothing leaves the machine, the email stays readable in the application's outbox.
import type { MailTransport } from "./index.ts";
import { isMailAddress } from "./mailbox.ts";

export function createOutboxTransport(): MailTransport {
  let closed = false;
  return {
    mode: "outbox",
    async deliver(mail) {
      if (closed) throw new Error("the mail transport is closed");
      // The same mistakes show here as with a real server.
      if (!isMailAddress(mail.to.address))
        return { outcome: "refused", reason: "ADDRESS_INVALID", addressGone: false };
      return { outcome: "kept" };
    },
    async close() {
      closed = true;
    },
  };
}
