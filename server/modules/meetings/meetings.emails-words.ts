// The words of the emails around a meeting in each language; titles and descriptions stay as people wrote them.
import type { EmailLanguage } from "../../../shared/schemas/languages.ts";
import type { SeriesRhythm } from "../../../shared/series.ts";

export interface MeetingEmailWords {
  subject: Record<"invitation" | "update" | "cancellation", (title: string) => string>;
  cancelled(organizer: string): string;
  changed(organizer: string): string;
  invited(organizer: string): string;
  invitedToObserve(organizer: string): string;
  removesFromCalendar: string;
  nothingToDo: string;
  lobby: string;
  keepsCalendar: string;
  joinText: string;
  joinButton: string;
  noTime: string;
  when(day: string, time: string, zone: string): string;
  minutes(count: number): string;
  every: Record<SeriesRhythm, string>;
  /** Of a series: how many calls, and until which day. */
  series(every: string, count: number, last: string): string;
  /** Why it comes whatever one has switched off. */
  why: string;
}

export const meetingEmailWords: Record<EmailLanguage, MeetingEmailWords> = {
  en: {
    subject: {
      invitation: (title) => `Invitation: ${title}`,
      update: (title) => `Changed: ${title}`,
      cancellation: (title) => `Cancelled: ${title}`,
    },
    cancelled: (organizer) => `The call with ${organizer} does not take place, or no longer with you.`,
    changed: (organizer) => `${organizer} has changed your call. This is how it stands now:`,
    invited: (organizer) => `${organizer} invites you to a call.`,
    invitedToObserve: (organizer) => `${organizer} invites you to observe a call.`,
    removesFromCalendar: "The attached file removes it from your calendar.",
    nothingToDo: "There is nothing you need to do.",
    lobby: "You can open the lobby beforehand and try your camera and microphone.",
    keepsCalendar: "The attached file keeps your calendar up to date.",
    joinText: "Join:",
    joinButton: "Join the call",
    noTime: "No time is set: the call opens when it is started.",
    when: (day, time, zone) => `${day} at ${time} (${zone})`,
    minutes: (count) => `${count} minutes`,
    every: { weekly: "every week", fortnightly: "every two weeks", monthly: "every month" },
    series: (every, count, last) =>
      count === 1 ? `one call, on ${last}` : `${every}, ${count} calls until ${last}`,
    why: "Sent to everybody who is invited to this call.",
  },
  de: {
    subject: {
      invitation: (title) => `Einladung: ${title}`,
      update: (title) => `Geändert: ${title}`,
      cancellation: (title) => `Abgesagt: ${title}`,
    },
    cancelled: (organizer) => `Das Gespräch mit ${organizer} findet nicht statt, oder nicht mehr mit Ihnen.`,
    changed: (organizer) => `${organizer} hat Ihr Gespräch geändert. So steht es jetzt:`,
    invited: (organizer) => `${organizer} lädt Sie zu einem Gespräch ein.`,
    invitedToObserve: (organizer) => `${organizer} lädt Sie ein, ein Gespräch zu beobachten.`,
    removesFromCalendar: "Die beigelegte Datei nimmt es aus Ihrem Kalender.",
    nothingToDo: "Sie müssen nichts tun.",
    lobby: "Sie können den Vorraum vorher öffnen und Kamera und Mikrofon ausprobieren.",
    keepsCalendar: "Die beigelegte Datei hält Ihren Kalender aktuell.",
    joinText: "Teilnehmen:",
    joinButton: "Am Gespräch teilnehmen",
    noTime: "Es ist keine Zeit vereinbart: Das Gespräch öffnet, wenn es begonnen wird.",
    when: (day, time, zone) => `${day} um ${time} Uhr (${zone})`,
    minutes: (count) => `${count} Minuten`,
    every: { weekly: "jede Woche", fortnightly: "alle zwei Wochen", monthly: "jeden Monat" },
    series: (every, count, last) =>
      count === 1 ? `ein Gespräch, am ${last}` : `${every}, ${count} Gespräche bis ${last}`,
    why: "Geht an alle, die zu diesem Gespräch eingeladen sind.",
  },
  fr: {
    subject: {
      invitation: (title) => `Invitation : ${title}`,
      update: (title) => `Modifié : ${title}`,
      cancellation: (title) => `Annulé : ${title}`,
    },
    cancelled: (organizer) => `L’appel avec ${organizer} n’a pas lieu, ou plus avec vous.`,
    changed: (organizer) => `${organizer} a modifié votre appel. Voici où il en est :`,
    invited: (organizer) => `${organizer} vous invite à un appel.`,
    invitedToObserve: (organizer) => `${organizer} vous invite à observer un appel.`,
    removesFromCalendar: "Le fichier joint le retire de votre calendrier.",
    nothingToDo: "Vous n’avez rien à faire.",
    lobby: "Vous pouvez ouvrir la salle d’attente à l’avance et essayer votre caméra et votre micro.",
    keepsCalendar: "Le fichier joint tient votre calendrier à jour.",
    joinText: "Participer :",
    joinButton: "Participer à l’appel",
    noTime: "Aucune heure n’est fixée : l’appel s’ouvre quand il est lancé.",
    when: (day, time, zone) => `${day} à ${time} (${zone})`,
    minutes: (count) => `${count} minutes`,
    every: { weekly: "chaque semaine", fortnightly: "toutes les deux semaines", monthly: "chaque mois" },
    series: (every, count, last) =>
      count === 1 ? `un appel, le ${last}` : `${every}, ${count} appels jusqu’au ${last}`,
    why: "Envoyé à toutes les personnes invitées à cet appel.",
  },
  es: {
    subject: {
      invitation: (title) => `Invitación: ${title}`,
      update: (title) => `Modificada: ${title}`,
      cancellation: (title) => `Cancelada: ${title}`,
    },
    cancelled: (organizer) => `La llamada con ${organizer} no tiene lugar, o ya no con usted.`,
    changed: (organizer) => `${organizer} ha modificado su llamada. Así queda ahora:`,
    invited: (organizer) => `${organizer} le invita a una llamada.`,
    invitedToObserve: (organizer) => `${organizer} le invita a observar una llamada.`,
    removesFromCalendar: "El archivo adjunto la quita de su calendario.",
    nothingToDo: "No tiene que hacer nada.",
    lobby: "Puede abrir la sala de espera antes y probar su cámara y su micrófono.",
    keepsCalendar: "El archivo adjunto mantiene su calendario al día.",
    joinText: "Unirse:",
    joinButton: "Unirse a la llamada",
    noTime: "No hay hora fijada: la llamada se abre cuando alguien la inicia.",
    when: (day, time, zone) => `${day} a las ${time} (${zone})`,
    minutes: (count) => `${count} minutos`,
    every: { weekly: "cada semana", fortnightly: "cada dos semanas", monthly: "cada mes" },
    series: (every, count, last) =>
      count === 1 ? `una llamada, el ${last}` : `${every}, ${count} llamadas hasta el ${last}`,
    why: "Enviado a todas las personas invitadas a esta llamada.",
  },
};
