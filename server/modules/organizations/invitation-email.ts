// The email that invites somebody to an organisation, where the identity vendor sends none itself.
import type { EmailLanguage } from "../../../shared/schemas/languages.ts";
import { buttonPart, emailPage, escapeHtml, footnote, paragraph } from "../../platform/email/frame.ts";

interface InvitationWords {
  subject(organization: string): string;
  sentence(inviter: string, organization: string): string;
  acceptText: string;
  acceptButton: string;
  hint: string;
}

const invitationWords: Record<EmailLanguage, InvitationWords> = {
  en: {
    subject: (organization) => `Invitation to ${organization}`,
    sentence: (inviter, organization) => `${inviter} invites you to join ${organization} on Connvo.`,
    acceptText: "Accept it here:",
    acceptButton: "Accept the invitation",
    hint: "The invitation is for this address alone, and runs out after a week.",
  },
  de: {
    subject: (organization) => `Einladung zu ${organization}`,
    sentence: (inviter, organization) => `${inviter} lädt Sie ein, ${organization} auf Connvo beizutreten.`,
    acceptText: "Hier annehmen:",
    acceptButton: "Einladung annehmen",
    hint: "Die Einladung gilt nur für diese Adresse und läuft nach einer Woche ab.",
  },
  fr: {
    subject: (organization) => `Invitation à ${organization}`,
    sentence: (inviter, organization) => `${inviter} vous invite à rejoindre ${organization} sur Connvo.`,
    acceptText: "Acceptez-la ici :",
    acceptButton: "Accepter l’invitation",
    hint: "L’invitation vaut pour cette seule adresse et expire au bout d’une semaine.",
  },
  es: {
    subject: (organization) => `Invitación a ${organization}`,
    sentence: (inviter, organization) => `${inviter} le invita a unirse a ${organization} en Connvo.`,
    acceptText: "Acéptela aquí:",
    acceptButton: "Aceptar la invitación",
    hint: "La invitación vale solo para esta dirección y caduca al cabo de una semana.",
  },
};

export function invitationEmail(options: {
  language: EmailLanguage;
  organization: string;
  inviter: string;
  link: string;
}): { subject: string; html: string; text: string } {
  const { language, organization, inviter, link } = options;
  const words = invitationWords[language];
  const subject = words.subject(organization);
  const sentence = words.sentence(inviter, organization);
  return {
    subject,
    text: `${sentence}\n\n${words.acceptText}\n${link}\n\n${words.hint}\n`,
    html: emailPage({
      language,
      heading: subject,
      blocks: [paragraph(escapeHtml(sentence)), buttonPart(words.acceptButton, link), footnote(words.hint)],
    }),
  };
}
