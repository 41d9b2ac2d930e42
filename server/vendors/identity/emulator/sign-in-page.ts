// The HTML of local sign-in: no script, works by keyboard, dark and light, on any width.
import type { LocalUser } from "./directory.ts";

export interface SignInForm {
  email: string;
  name: string;
  /** Who signs in as somebody else to help them; empty for everybody who is themselves. */
  impersonator: string;
  reason: string;
  problems: { email?: string; name?: string; impersonator?: string };
}

export interface Invited {
  email: string;
  organization: string;
  inviter: string | null;
}

export interface SignInPage {
  /** Where the form posts to. */
  action: string;
  form: SignInForm;
  /** Set where an invitation is accepted by this sign-in. */
  invited: Invited | null;
  recent: LocalUser[];
  onThisMachineOnly: boolean;
}

export function signInPage({ action, form, invited, recent, onThisMachineOnly }: SignInPage): string {
  const people = recent.map((user) => personButton(user)).join("");
  return page(
    "Sign in",
    `<h1>Sign in to Connvo</h1>
    <p class="mode"><strong>Local mode.</strong> This page asks for no password: whoever can open it can sign in as anybody. ${onThisMachineOnly ? "It stays on this machine and is for trying out and for development." : "It can be reached from other machines, as whoever runs this has chosen: put nothing private here."}</p>
    ${invited === null ? "" : `<p>${invitationSentence(invited)} Sign in as <strong>${escape(invited.email)}</strong> to accept.</p>`}
    ${
      people === ""
        ? ""
        : `<form method="post" action="${escape(action)}" aria-labelledby="recent">
      <h2 id="recent">Signed in here before</h2>
      <ul>${people}</ul>
    </form>
    <h2>Somebody else</h2>`
    }
    <form method="post" action="${escape(action)}" novalidate>
      ${field({ name: "email", label: "Email address", type: "email", autocomplete: "email", value: form.email, problem: form.problems.email, hint: "", required: true })}
      ${field({ name: "name", label: "Name", type: "text", autocomplete: "name", value: form.name, problem: form.problems.name, hint: "Shown to the others in a call. Leave it empty to keep the one you have.", required: false })}
      <details${form.impersonator === "" ? "" : " open"}>
        <summary>Sign in as somebody else, to help them</summary>
        <p class="hint">They and the audit log are told of it: the session carries the address of whoever is really there.</p>
        ${field({ name: "impersonator", label: "Who you really are", type: "email", autocomplete: "off", value: form.impersonator, problem: form.problems.impersonator, hint: "Your own email.", required: false })}
        ${field({ name: "reason", label: "Reason", type: "text", autocomplete: "off", value: form.reason, problem: undefined, hint: "", required: false })}
      </details>
      <button class="primary" type="submit">Sign in</button>
    </form>`,
  );
}

/** Where the link of an invitation leads. */
export function invitationPage(invited: Invited, signInAddress: string): string {
  return page(
    "Invitation",
    `<h1>Join ${escape(invited.organization)}</h1>
    <p>${invitationSentence(invited)}</p>
    <p>The invitation is for <strong>${escape(invited.email)}</strong>.</p>
    <p><a class="primary" href="${escape(signInAddress)}">Sign in and accept</a></p>`,
  );
}

function invitationSentence({ inviter, organization }: Invited): string {
  const who = inviter === null ? "You are invited" : `${escape(inviter)} invites you`;
  return `${who} to join <strong>${escape(organization)}</strong>.`;
}

/** Said in place of the page where it cannot be shown. */
export function problemPage(problem: string): string {
  return page(
    "Sign-in did not work",
    `<h1>Sign-in did not work</h1><p role="alert">${escape(problem)}</p><p><a href="/">Back to Connvo</a></p>`,
  );
}

function personButton(user: LocalUser): string {
  const name = user.name ?? user.email;
  return `<li><button class="person" type="submit" name="email" value="${escape(user.email)}"><span>${escape(name)}</span> <small>${escape(user.email)}</small></button></li>`;
}

interface Field {
  name: string;
  label: string;
  type: string;
  autocomplete: string;
  value: string;
  problem: string | undefined;
  hint: string;
  required: boolean;
}

function field(options: Field): string {
  const { name, problem, hint } = options;
  const describedBy = [hint === "" ? "" : `${name}-hint`, problem === undefined ? "" : `${name}-problem`]
    .filter((id) => id !== "")
    .join(" ");
  return `<div class="field">
        <label for="${name}">${options.label}</label>
        ${hint === "" ? "" : `<p class="hint" id="${name}-hint">${hint}</p>`}
        <input id="${name}" name="${name}" type="${options.type}" autocomplete="${options.autocomplete}" value="${escape(options.value)}"${options.required ? " required" : ""}${describedBy === "" ? "" : ` aria-describedby="${describedBy}"`}${problem === undefined ? "" : ' aria-invalid="true"'}${name === "email" ? " autofocus" : ""}>
        ${problem === undefined ? "" : `<p class="problem" id="${name}-problem" role="alert">${escape(problem)}</p>`}
      </div>`;
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="/icon.svg" type="image/svg+xml">
    <title>${escape(title)} – Connvo</title>
    <style>${style}</style>
  </head>
  <body>
    <main>${content}
    </main>
  </body>
</html>
`;
}

const style = `
:root { color-scheme: light dark; --page: light-dark(#f6f4ef, #14181b); --surface: light-dark(#fff, #1c2226); --text: light-dark(#1d2327, #edf1f3); --muted: light-dark(#575e63, #aab6bd); --line: light-dark(#857e70, #7b8a93); --accent: light-dark(#0f5f5c, #6fd0c6); --on-accent: light-dark(#fff, #06211f); --warm: light-dark(#fbeed9, #3a2c14); --danger: light-dark(#b3261e, #ff9d94); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 28rem; margin: 0 auto; padding: 2.5rem 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
h2 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
.mode { background: var(--warm); padding: 0.75rem 1rem; border-radius: 10px; margin: 0 0 1.5rem; }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.5rem; }
.field { margin: 0 0 1rem; }
label { font-weight: 600; display: block; margin-bottom: 0.25rem; }
.hint { color: var(--muted); font-size: 0.875rem; margin: 0 0 0.25rem; }
.problem { color: var(--danger); margin: 0.25rem 0 0; }
input { width: 100%; padding: 0.6rem 0.75rem; font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--line); border-radius: 6px; }
button { font: inherit; min-height: 44px; border-radius: 6px; cursor: pointer; }
.primary { width: 100%; background: var(--accent); color: var(--on-accent); border: 0; font-weight: 600; }
a.primary { display: block; padding: 0.6rem; border-radius: 6px; text-align: center; text-decoration: none; color: var(--on-accent); }
details { margin: 0 0 1rem; }
summary { cursor: pointer; min-height: 24px; color: var(--muted); }
.person { width: 100%; text-align: start; padding: 0.5rem 0.75rem; background: var(--surface); color: inherit; border: 1px solid var(--line); overflow-wrap: anywhere; }
.person small { color: var(--muted); display: block; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
