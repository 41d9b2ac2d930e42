// The languages that emails are written in.
import { z } from "zod";

export const emailLanguageSchema = z.enum(["en", "de", "fr", "es"]);
export type EmailLanguage = z.infer<typeof emailLanguageSchema>;

/** Whoever has chosen none reads what the pages are written in. */
export const defaultEmailLanguage: EmailLanguage = "en";

/** As their speakers call them. */
export const emailLanguageNames: Record<EmailLanguage, string> = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
};
