// The email that invites somebody to an organisation, where the identity vendor sends none itself.

export function invitationEmail(options: { organization: string; inviter: string; link: string }): {
  subject: string;
  html: string;
  text: string;
} {
  const { organization, inviter, link } = options;
  const sentence = `${inviter} invites you to join ${organization} on Connvo.`;
  const hint = "The invitation is for this address alone, and runs out after a week.";
  return {
    subject: `Invitation to ${organization}`,
    text: `${sentence}\n\nAccept it here:\n${link}\n\n${hint}\n`,
    html: `<!doctype html><html lang="en"><body style="font-family:system-ui,sans-serif;line-height:1.5;color:#1d2327">
<p>${escape(sentence)}</p>
<p><a href="${escape(link)}">Accept the invitation</a></p>
<p>${escape(hint)}</p>
</body></html>`,
  };
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
