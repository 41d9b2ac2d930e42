// The settings of email: the server that takes it, how it is signed, and how we hear of what came back.
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { isPercentEncoded, notPercentEncoded } from "./percent-encoded.ts";

const address = /^[^\s@<>]+@[^\s@<>]+$/u;
const commaList = (value: string) =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

export const mailEnvironment = {
  SMTP_URL: z
    .url()
    .refine(
      (value) => URL.canParse(value) && ["smtp:", "smtps:"].includes(new URL(value).protocol),
      "must be a URL starting with smtp: or smtps://",
    )
    .refine(isPercentEncoded, notPercentEncoded)
    .optional(),
  MAIL_FROM: z
    .string()
    .max(200)
    .regex(
      /^([^<>\p{Cc}]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/u,
      "must be an address, or Name <address>",
    )
    .default("Connvo <connvo@localhost>"),
  MAIL_BOUNCES_TO: z.string().max(150).regex(address, "must be an address").optional(),
  MAIL_WEBHOOK_SECRETS: z
    .string()
    .default("")
    .transform(commaList)
    .pipe(
      z.array(z.string().min(32, "must be a comma list of secrets with at least 32 characters each")).max(5),
    ),
  DKIM_DOMAIN: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, "must be a domain such as example.org")
    .optional(),
  DKIM_SELECTOR: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, "must be the name before ._domainkey")
    .optional(),
  DKIM_PRIVATE_KEY_FILE: z.string().min(1).optional(),
};

export interface MailConfig {
  /** Null: emails stay in the outbox. */
  smtpUrl: string | null;
  /** `Name <address>` or an address. */
  from: string;
  /** Where servers report what did not arrive; null: to the sender. */
  bouncesTo: string | null;
  /** Any of these may sign reports of what came back; none: they are refused. */
  webhookSecrets: string[];
  /** Null: emails are not signed. */
  dkim: { domain: string; selector: string; privateKey: string } | null;
}

type MailEnvironment = z.infer<z.ZodObject<typeof mailEnvironment>>;

/** Reads the private key: a start that could not sign must fail, not send without. */
export function readMailConfig(
  env: MailEnvironment,
  { refuse }: { refuse: (sentence: string) => Error },
): MailConfig {
  return {
    smtpUrl: env.SMTP_URL ?? null,
    from: env.MAIL_FROM,
    bouncesTo: env.MAIL_BOUNCES_TO ?? null,
    webhookSecrets: env.MAIL_WEBHOOK_SECRETS,
    dkim: readDkim(env, refuse),
  };
}

function readDkim(env: MailEnvironment, refuse: (sentence: string) => Error): MailConfig["dkim"] {
  const { DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_PRIVATE_KEY_FILE: file } = env;
  if (domain === undefined && selector === undefined && file === undefined) return null;
  if (domain === undefined || selector === undefined || file === undefined) {
    const missing = Object.entries({
      DKIM_DOMAIN: domain,
      DKIM_SELECTOR: selector,
      DKIM_PRIVATE_KEY_FILE: file,
    })
      .filter(([, value]) => value === undefined)
      .map(([name]) => name);
    throw refuse(`${missing.join(" and ")} must be set too, as signing emails needs all three.`);
  }
  try {
    const privateKey = readFileSync(file, "utf8");
    if (createPrivateKey(privateKey).asymmetricKeyType !== "rsa") throw new Error("not an RSA key");
    return { domain, selector, privateKey };
  } catch {
    throw refuse(
      "DKIM_PRIVATE_KEY_FILE cannot be what it is set to: it must be a file with an RSA key in PEM.",
    );
  }
}
