// The page behind an unsubscribe link: needs no sign-in and no script, speaks the person's language, looks like the email.
import type { EmailLanguage } from "../../../shared/schemas/languages.ts";
import { emailPage, escapeHtml, footnote, paragraph } from "../../platform/email/frame.ts";

interface PageWords {
  askTitle: string;
  ask: string;
  stop: string;
  stoppedTitle: string;
  stopped: string;
  start: string;
  startedTitle: string;
  started: string;
  stays: string;
  unknownTitle: string;
  unknown: string;
}

const pageWords: Record<EmailLanguage, PageWords> = {
  en: {
    askTitle: "Stop recap emails?",
    ask: "After a call you would get no email with your actions any more. Recaps stay in Connvo.",
    stop: "Stop recap emails",
    stoppedTitle: "No more recap emails",
    stopped: "You will get none from now on. Recaps stay in Connvo, where you can read them after each call.",
    start: "Send them again",
    startedTitle: "Recap emails are on",
    started: "You get a recap after each of your calls.",
    stays: "Invitations, changes and cancellations of your calls come in any case.",
    unknownTitle: "This link does not work",
    unknown: "It may have been cut off. You find the same switch in Connvo under Privacy.",
  },
  de: {
    askTitle: "Keine Rückblicke mehr per E-Mail?",
    ask: "Nach einem Gespräch käme keine E-Mail mit Ihren Aufgaben mehr. Rückblicke bleiben in Connvo.",
    stop: "Keine Rückblicke mehr per E-Mail",
    stoppedTitle: "Rückblicke kommen nicht mehr per E-Mail",
    stopped:
      "Ab jetzt erhalten Sie keine mehr. Rückblicke bleiben in Connvo, wo Sie sie nach jedem Gespräch lesen können.",
    start: "Wieder zusenden",
    startedTitle: "Rückblicke kommen per E-Mail",
    started: "Sie erhalten nach jedem Ihrer Gespräche einen Rückblick.",
    stays: "Einladungen, Änderungen und Absagen Ihrer Gespräche kommen in jedem Fall.",
    unknownTitle: "Dieser Link funktioniert nicht",
    unknown: "Vielleicht ist er abgeschnitten. Denselben Schalter finden Sie in Connvo unter Privacy.",
  },
  fr: {
    askTitle: "Ne plus recevoir les comptes rendus ?",
    ask: "Après un appel, vous ne recevriez plus d’e-mail avec vos actions. Les comptes rendus restent dans Connvo.",
    stop: "Ne plus recevoir les comptes rendus",
    stoppedTitle: "Plus de comptes rendus par e-mail",
    stopped:
      "Vous n’en recevrez plus. Les comptes rendus restent dans Connvo, où vous pouvez les lire après chaque appel.",
    start: "Les recevoir à nouveau",
    startedTitle: "Les comptes rendus arrivent par e-mail",
    started: "Vous recevez un compte rendu après chacun de vos appels.",
    stays: "Les invitations, modifications et annulations de vos appels arrivent dans tous les cas.",
    unknownTitle: "Ce lien ne fonctionne pas",
    unknown: "Il est peut-être tronqué. Le même réglage se trouve dans Connvo, sous Privacy.",
  },
  es: {
    askTitle: "¿No recibir más resúmenes por correo?",
    ask: "Después de una llamada ya no recibiría un correo con sus tareas. Los resúmenes siguen en Connvo.",
    stop: "No recibir más resúmenes",
    stoppedTitle: "No más resúmenes por correo",
    stopped:
      "Desde ahora no recibirá ninguno. Los resúmenes siguen en Connvo, donde puede leerlos después de cada llamada.",
    start: "Recibirlos de nuevo",
    startedTitle: "Los resúmenes llegan por correo",
    started: "Recibe un resumen después de cada una de sus llamadas.",
    stays: "Las invitaciones, los cambios y las cancelaciones de sus llamadas llegan en todo caso.",
    unknownTitle: "Este enlace no funciona",
    unknown: "Puede que esté cortado. El mismo ajuste está en Connvo, en Privacy.",
  },
};

export type UnsubscribeStep = "ask" | "stopped" | "started";

/** `path` is the link's own, where its form posts to; starting again has a path of its own. */
export function unsubscribePage(
  step: UnsubscribeStep,
  { language, path }: { language: EmailLanguage; path: string },
): string {
  const words = pageWords[language];
  const shown = {
    ask: { heading: words.askTitle, text: words.ask, button: words.stop, action: path },
    stopped: {
      heading: words.stoppedTitle,
      text: words.stopped,
      button: words.start,
      action: `${path}/again`,
    },
    started: { heading: words.startedTitle, text: words.started, button: words.stop, action: path },
  }[step];
  return emailPage({
    language,
    heading: shown.heading,
    blocks: [paragraph(escapeHtml(shown.text)), form(shown.action, shown.button), footnote(words.stays)],
  });
}

export function unknownLinkPage(language: EmailLanguage): string {
  const words = pageWords[language];
  return emailPage({
    language,
    heading: words.unknownTitle,
    blocks: [paragraph(escapeHtml(words.unknown))],
  });
}

function form(action: string, label: string): string {
  return `<form method="post" action="${escapeHtml(action)}" style="margin:0 0 20px"><button class="button" type="submit" style="min-height:44px;padding:12px 20px;border:0;border-radius:8px;background:#3451d1;color:#ffffff;font:inherit;font-weight:600;cursor:pointer">${escapeHtml(label)}</button></form>`;
}
