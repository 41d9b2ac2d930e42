// The emails of a round: while one can still stay out of it, and to whoever makes a call of it, which invites only the others.
import type { EmailLanguage } from "../../../../shared/schemas/languages.ts";
import { timeIn, weekdayIn } from "../../../platform/email/dates.ts";
import { buttonPart, emailPage, escapeHtml, footnote, paragraph } from "../../../platform/email/frame.ts";

interface ReminderWords {
  subject(group: string): string;
  comes(group: string, when: string): string;
  fixed(when: string): string;
  when(day: string, time: string, zone: string): string;
  text: string;
  button: string;
  why: string;
  made(group: string, names: string): string;
  madeWhen(when: string | null): string;
  open: string;
}

const reminderWords: Record<EmailLanguage, ReminderWords> = {
  en: {
    subject: (group) => `Next round: ${group}`,
    comes: (group, when) =>
      `The next round of ${group} begins on ${when}. You will be brought together with somebody.`,
    fixed: (when) =>
      `There is nothing you need to do. If you have no time, stay out of it before the pairs are fixed on ${when}.`,
    when: (day, time, zone) => `${day} at ${time} (${zone})`,
    text: "See the round, or stay out:",
    button: "See the round, or stay out",
    why: "Sent to everybody in this group. You can stay out of one round, or of all.",
    made: (group, names) => `${group} has brought you together with ${names}.`,
    madeWhen: (when) => (when === null ? "Find a time together." : `Your call is on ${when}.`),
    open: "Open the call",
  },
  de: {
    subject: (group) => `Nächste Runde: ${group}`,
    comes: (group, when) =>
      `Die nächste Runde von ${group} beginnt am ${when}. Sie werden mit jemandem zusammengebracht.`,
    fixed: (when) =>
      `Sie müssen nichts tun. Wenn Sie keine Zeit haben, setzen Sie aus, bevor die Paare am ${when} feststehen.`,
    when: (day, time, zone) => `${day} um ${time} Uhr (${zone})`,
    text: "Runde ansehen oder aussetzen:",
    button: "Runde ansehen oder aussetzen",
    why: "Geht an alle in dieser Gruppe. Sie können eine Runde aussetzen, oder alle.",
    made: (group, names) => `${group} hat Sie mit ${names} zusammengebracht.`,
    madeWhen: (when) => (when === null ? "Finden Sie zusammen eine Zeit." : `Ihr Gespräch ist am ${when}.`),
    open: "Gespräch öffnen",
  },
  fr: {
    subject: (group) => `Prochaine rencontre : ${group}`,
    comes: (group, when) =>
      `La prochaine rencontre de ${group} commence le ${when}. Vous serez mis en relation avec quelqu’un.`,
    fixed: (when) =>
      `Vous n’avez rien à faire. Si vous n’avez pas le temps, passez votre tour avant que les paires soient fixées le ${when}.`,
    when: (day, time, zone) => `${day} à ${time} (${zone})`,
    text: "Voir la rencontre ou passer son tour :",
    button: "Voir la rencontre ou passer son tour",
    why: "Envoyé à toutes les personnes de ce groupe. Vous pouvez passer un tour, ou tous.",
    made: (group, names) => `${group} vous a mis en relation avec ${names}.`,
    madeWhen: (when) => (when === null ? "Trouvez un moment ensemble." : `Votre appel a lieu le ${when}.`),
    open: "Ouvrir l’appel",
  },
  es: {
    subject: (group) => `Próxima ronda: ${group}`,
    comes: (group, when) =>
      `La próxima ronda de ${group} empieza el ${when}. Se le pondrá en contacto con alguien.`,
    fixed: (when) =>
      `No tiene que hacer nada. Si no tiene tiempo, quédese fuera antes de que las parejas se fijen el ${when}.`,
    when: (day, time, zone) => `${day} a las ${time} (${zone})`,
    text: "Ver la ronda o quedarse fuera:",
    button: "Ver la ronda o quedarse fuera",
    why: "Enviado a todas las personas de este grupo. Puede quedarse fuera de una ronda, o de todas.",
    made: (group, names) => `${group} le ha puesto en contacto con ${names}.`,
    madeWhen: (when) => (when === null ? "Busquen un momento juntos." : `Su llamada es el ${when}.`),
    open: "Abrir la llamada",
  },
};

export function reminderEmail(options: {
  language: EmailLanguage;
  timeZone: string;
  groupName: string;
  startsAt: Date;
  fixedAt: Date;
  link: string;
}): { subject: string; html: string; text: string } {
  const { language, timeZone, groupName, link } = options;
  const words = reminderWords[language];
  const whenOf = (at: Date) =>
    words.when(weekdayIn(at, { language, timeZone }), timeIn(at, { language, timeZone }), timeZone);
  const subject = words.subject(groupName);
  const comes = words.comes(groupName, whenOf(options.startsAt));
  const fixed = words.fixed(whenOf(options.fixedAt));
  return {
    subject,
    text: `${comes}\n\n${fixed}\n\n${words.text}\n${link}\n\n${words.why}\n`,
    html: emailPage({
      language,
      heading: subject,
      blocks: [
        paragraph(escapeHtml(comes)),
        paragraph(escapeHtml(fixed)),
        buttonPart(words.button, link),
        footnote(words.why),
      ],
    }),
  };
}

export function madeEmail(options: {
  language: EmailLanguage;
  timeZone: string;
  groupName: string;
  others: readonly string[];
  startsAt: Date | null;
  link: string;
}): { subject: string; html: string; text: string } {
  const { language, timeZone, groupName, others, startsAt, link } = options;
  const words = reminderWords[language];
  const when =
    startsAt === null
      ? null
      : words.when(
          weekdayIn(startsAt, { language, timeZone }),
          timeIn(startsAt, { language, timeZone }),
          timeZone,
        );
  const names = new Intl.ListFormat(language).format(others);
  const sentences = [words.made(groupName, names), words.madeWhen(when)];
  return {
    subject: `${groupName}: ${names}`,
    text: `${sentences.join("\n\n")}\n\n${words.open}:\n${link}\n\n${words.why}\n`,
    html: emailPage({
      language,
      heading: groupName,
      blocks: [
        ...sentences.map((sentence) => paragraph(escapeHtml(sentence))),
        buttonPart(words.open, link),
        footnote(words.why),
      ],
    }),
  };
}
