// The recap email's own words in each language; what was said stays in the language it was said in.
import type { EmailLanguage } from "../../../shared/schemas/languages.ts";

export interface RecapEmailWords {
  /** Of the reader's own actions, one or more. */
  subject(count: number, date: string): string;
  subjectWithout(date: string): string;
  from(title: string, date: string): string;
  fromWithout(title: string, date: string): string;
  more(count: number): string;
  alsoSaid: string;
  outcome: string;
  recapText: string;
  recapButton: string;
  nextCall: string;
  calendarAttached: string;
  when(day: string, time: string, zone: string): string;
  byRules: string;
  byModel(name: string): string;
  nobody: string;
  somebody: string;
  quote(text: string): string;
  why: string;
  stop: string;
}

export const recapEmailWords: Record<EmailLanguage, RecapEmailWords> = {
  en: {
    subject: (count, date) => `Your ${count} ${count === 1 ? "action" : "actions"} from ${date}`,
    subjectWithout: (date) => `Recap of your call on ${date}`,
    from: (title, date) => `From ${title}, ${date}:`,
    fromWithout: (title, date) => `${title}, ${date}. No action of yours was heard.`,
    more: (count) => `… and ${count} more in the recap.`,
    alsoSaid: "Also said:",
    outcome: "Outcome:",
    recapText: "The recap, with the moment behind every line:",
    recapButton: "Open the recap",
    nextCall: "Next call:",
    calendarAttached: "The calendar file is attached.",
    when: (day, time, zone) => `${day} at ${time} (${zone})`,
    byRules: "Extracted from the transcript by rules, not written by a person.",
    byModel: (name) => `Written from the transcript by ${name}, not by a person.`,
    nobody: "Nobody named",
    somebody: "Somebody",
    quote: (text) => `“${text}”`,
    why: "You get a recap after each of your calls.",
    stop: "Stop recap emails",
  },
  de: {
    subject: (count, date) =>
      count === 1 ? `Ihre Aufgabe vom ${date}` : `Ihre ${count} Aufgaben vom ${date}`,
    subjectWithout: (date) => `Rückblick auf Ihr Gespräch vom ${date}`,
    from: (title, date) => `Aus ${title}, ${date}:`,
    fromWithout: (title, date) => `${title}, ${date}. Es war keine Aufgabe von Ihnen zu hören.`,
    more: (count) => `… und ${count} weitere im Rückblick.`,
    alsoSaid: "Außerdem wurde gesagt:",
    outcome: "Ergebnis:",
    recapText: "Der Rückblick, mit dem Moment hinter jeder Zeile:",
    recapButton: "Rückblick öffnen",
    nextCall: "Nächstes Gespräch:",
    calendarAttached: "Die Kalenderdatei liegt bei.",
    when: (day, time, zone) => `${day} um ${time} Uhr (${zone})`,
    byRules: "Nach Regeln aus dem Transkript entnommen, nicht von einem Menschen geschrieben.",
    byModel: (name) => `Aus dem Transkript geschrieben von ${name}, nicht von einem Menschen.`,
    nobody: "Niemand genannt",
    somebody: "Jemand",
    quote: (text) => `„${text}“`,
    why: "Sie erhalten nach jedem Ihrer Gespräche einen Rückblick.",
    stop: "Keine Rückblicke mehr per E-Mail",
  },
  fr: {
    subject: (count, date) => (count === 1 ? `Votre action du ${date}` : `Vos ${count} actions du ${date}`),
    subjectWithout: (date) => `Compte rendu de votre appel du ${date}`,
    from: (title, date) => `Tiré de ${title}, ${date} :`,
    fromWithout: (title, date) => `${title}, ${date}. Aucune action de votre part n’a été entendue.`,
    more: (count) => `… et ${count} de plus dans le compte rendu.`,
    alsoSaid: "Il a aussi été dit :",
    outcome: "Résultat :",
    recapText: "Le compte rendu, avec le moment derrière chaque ligne :",
    recapButton: "Ouvrir le compte rendu",
    nextCall: "Prochain appel :",
    calendarAttached: "Le fichier de calendrier est joint.",
    when: (day, time, zone) => `${day} à ${time} (${zone})`,
    byRules: "Extrait de la transcription par des règles, non rédigé par une personne.",
    byModel: (name) => `Rédigé à partir de la transcription par ${name}, non par une personne.`,
    nobody: "Personne de nommé",
    somebody: "Quelqu’un",
    quote: (text) => `« ${text} »`,
    why: "Vous recevez un compte rendu après chacun de vos appels.",
    stop: "Ne plus recevoir les comptes rendus par e-mail",
  },
  es: {
    subject: (count, date) => (count === 1 ? `Su tarea del ${date}` : `Sus ${count} tareas del ${date}`),
    subjectWithout: (date) => `Resumen de su llamada del ${date}`,
    from: (title, date) => `De ${title}, ${date}:`,
    fromWithout: (title, date) => `${title}, ${date}. No se oyó ninguna tarea suya.`,
    more: (count) => `… y ${count} más en el resumen.`,
    alsoSaid: "También se dijo:",
    outcome: "Resultado:",
    recapText: "El resumen, con el momento detrás de cada línea:",
    recapButton: "Abrir el resumen",
    nextCall: "Próxima llamada:",
    calendarAttached: "Se adjunta el archivo de calendario.",
    when: (day, time, zone) => `${day} a las ${time} (${zone})`,
    byRules: "Extraído de la transcripción mediante reglas, no escrito por una persona.",
    byModel: (name) => `Escrito a partir de la transcripción por ${name}, no por una persona.`,
    nobody: "Nadie nombrado",
    somebody: "Alguien",
    quote: (text) => `«${text}»`,
    why: "Recibe un resumen después de cada una de sus llamadas.",
    stop: "No recibir más resúmenes por correo",
  },
};
