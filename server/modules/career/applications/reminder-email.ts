// The email that reminds somebody of the next step of an application: what, where, and until when.
import type { EmailLanguage } from "../../../../shared/schemas/languages.ts";
import { dayIn, timeIn } from "../../../platform/email/dates.ts";
import {
  buttonPart,
  emailPage,
  escapeHtml,
  footnote,
  paragraph,
  quietPart,
} from "../../../platform/email/frame.ts";

interface ReminderWords {
  subject(action: string): string;
  /** Where no action was written down. */
  look: string;
  for(posting: string): string;
  due(day: string, time: string): string;
  openText: string;
  openButton: string;
  why: string;
}

const reminderWords: Record<EmailLanguage, ReminderWords> = {
  en: {
    subject: (action) => `Reminder: ${action}`,
    look: "Look at your application",
    for: (posting) => `For your application as ${posting}.`,
    due: (day, time) => `Due ${day} at ${time}`,
    openText: "The application:",
    openButton: "Open the application",
    why: "You set this reminder on Connvo. Nobody else sees it.",
  },
  de: {
    subject: (action) => `Erinnerung: ${action}`,
    look: "Ihre Bewerbung ansehen",
    for: (posting) => `Für Ihre Bewerbung als ${posting}.`,
    due: (day, time) => `Fällig ${day} um ${time}`,
    openText: "Die Bewerbung:",
    openButton: "Bewerbung öffnen",
    why: "Sie haben diese Erinnerung auf Connvo gesetzt. Niemand sonst sieht sie.",
  },
  fr: {
    subject: (action) => `Rappel : ${action}`,
    look: "Regardez votre candidature",
    for: (posting) => `Pour votre candidature : ${posting}.`,
    due: (day, time) => `À faire le ${day} à ${time}`,
    openText: "La candidature :",
    openButton: "Ouvrir la candidature",
    why: "Vous avez demandé ce rappel sur Connvo. Personne d’autre ne le voit.",
  },
  es: {
    subject: (action) => `Recordatorio: ${action}`,
    look: "Mire su candidatura",
    for: (posting) => `Para su candidatura: ${posting}.`,
    due: (day, time) => `Vence el ${day} a las ${time}`,
    openText: "La candidatura:",
    openButton: "Abrir la candidatura",
    why: "Usted puso este recordatorio en Connvo. Nadie más lo ve.",
  },
};

const actionMaxChars = 120;

export function reminderEmail(options: {
  language: EmailLanguage;
  /** IANA name. */
  timeZone: string;
  due: Date;
  title: string;
  company: string | null;
  nextAction: string | null;
  link: string;
}): { subject: string; html: string; text: string } {
  const { language, timeZone, due, title, company, nextAction, link } = options;
  const words = reminderWords[language];
  const action = nextAction ?? words.look;
  const posting = company === null ? title : `${title}, ${company}`;
  const when = words.due(dayIn(due, { language, timeZone }), timeIn(due, { language, timeZone }));
  const short = action.length > actionMaxChars ? `${action.slice(0, actionMaxChars - 1).trimEnd()}…` : action;
  return {
    subject: words.subject(short),
    text: `${action}\n\n${when}\n${words.for(posting)}\n\n${words.openText}\n${link}\n\n${words.why}\n`,
    html: emailPage({
      language,
      heading: short,
      blocks: [
        quietPart(when),
        paragraph(escapeHtml(words.for(posting))),
        buttonPart(words.openButton, link),
        footnote(words.why),
      ],
    }),
  };
}
