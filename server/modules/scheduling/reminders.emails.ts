// The email that reminds of a call: what, when by the reader's clock, and where to join.
import type { EmailLanguage } from "../../../shared/schemas/languages.ts";
import { offsetIn, timeIn, weekdayIn } from "../../platform/email/dates.ts";
import {
  buttonPart,
  emailPage,
  escapeHtml,
  footnote,
  paragraph,
  quietPart,
} from "../../platform/email/frame.ts";

interface ReminderWords {
  subject(title: string, day: string, time: string): string;
  lead: string;
  when(day: string, time: string, zone: string): string;
  joinText: string;
  joinButton: string;
  why: string;
}

const reminderWords: Record<EmailLanguage, ReminderWords> = {
  en: {
    subject: (title, day, time) => `Reminder: ${title}, ${day} at ${time}`,
    lead: "You have a call:",
    when: (day, time, zone) => `${day} at ${time} (${zone})`,
    joinText: "Join:",
    joinButton: "Open the lobby",
    why: "You choose when you are reminded, or not at all:",
  },
  de: {
    subject: (title, day, time) => `Erinnerung: ${title}, ${day} um ${time} Uhr`,
    lead: "Sie haben ein Gespräch:",
    when: (day, time, zone) => `${day} um ${time} Uhr (${zone})`,
    joinText: "Teilnehmen:",
    joinButton: "Vorraum öffnen",
    why: "Wann Sie erinnert werden, oder gar nicht, wählen Sie hier:",
  },
  fr: {
    subject: (title, day, time) => `Rappel : ${title}, ${day} à ${time}`,
    lead: "Vous avez un appel :",
    when: (day, time, zone) => `${day} à ${time} (${zone})`,
    joinText: "Participer :",
    joinButton: "Ouvrir la salle d’attente",
    why: "Vous choisissez quand vous recevez un rappel, ou aucun :",
  },
  es: {
    subject: (title, day, time) => `Recordatorio: ${title}, ${day} a las ${time}`,
    lead: "Tiene una llamada:",
    when: (day, time, zone) => `${day} a las ${time} (${zone})`,
    joinText: "Unirse:",
    joinButton: "Abrir la sala de espera",
    why: "Usted elige cuándo recibe un recordatorio, o ninguno:",
  },
};

const titleMaxChars = 120;

export function reminderEmail(reminder: {
  language: EmailLanguage;
  title: string;
  scheduledAt: Date;
  timeZone: string;
  link: string;
  settingsLink: string;
}): { subject: string; html: string; text: string } {
  const { language, scheduledAt, timeZone, link, settingsLink } = reminder;
  const words = reminderWords[language];
  const characters = [...reminder.title];
  const title =
    characters.length <= titleMaxChars
      ? reminder.title
      : `${characters.slice(0, titleMaxChars).join("").trimEnd()}…`;
  const reading = { language, timeZone };
  const [day, time] = [weekdayIn(scheduledAt, reading), timeIn(scheduledAt, reading)];
  const offset = offsetIn(scheduledAt, timeZone);
  const when = words.when(day, time, offset === null ? timeZone : `${timeZone}, ${offset}`);
  const why = `${words.why} ${settingsLink}`;
  return {
    subject: words.subject(title, day, time),
    text: `${[words.lead, `${title}\n${when}`, `${words.joinText} ${link}`, why].join("\n\n")}\n`,
    html: emailPage({
      language,
      heading: title,
      blocks: [
        quietPart(when),
        paragraph(escapeHtml(words.lead)),
        buttonPart(words.joinButton, link),
        footnote(why),
      ],
    }),
  };
}
