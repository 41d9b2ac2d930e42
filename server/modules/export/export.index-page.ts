// The first page of an export, and the text beside it that says what each file holds.
import { inventory } from "../../platform/privacy/inventory.ts";
import type { StagedPiece } from "./export.files.ts";
import type { Chapter } from "./export.gather.ts";
import { linkTo } from "./export.names.ts";
import { pageFrame, section, time } from "./export.page.ts";
import type { ToldFile } from "./export.sent-files.ts";
import { markup, type Html } from "./export.text.ts";

interface About {
  name: string;
  email: string;
  requestedAt: Date;
}

const accountFilesShown: readonly [path: string, what: string][] = [
  ["account.json", "Your account, profile and organisations"],
  ["sessions.json", "Where you are signed in"],
  ["api-keys.json", "Keys that you made for machines, without their secrets"],
  ["email-settings.json", "Which emails you get, and since when your address takes none"],
  ["consents.json", "What you agreed to and refused, with the words you were shown"],
  ["connections.json", "Whom you are connected with, have asked and have blocked"],
  ["matching.json", "Your place in the queue, what you answered to proposals, and your rounds of pairing"],
  ["calendar.json", "Days on which you are away, reminders, and your other calendar's busy times"],
  ["ratings.json", "Your ratings of calls"],
  ["activity.json", "What you did here, as the audit log keeps it"],
  ["files.json", "Files that you sent, where they lie here, and which are missing and why"],
];

/** Newest first, whatever order they come in. */
export function indexPage(
  { name, email, requestedAt }: About,
  chapters: readonly Chapter[],
  sent: readonly ToldFile[],
): StagedPiece {
  const frame = pageFrame("Your data");
  const files = accountFilesShown.map(
    ([path, what]) => markup`<li><a href="${path}">${what}</a> <span class="muted">${path}</span></li>`,
  );
  const newest = [...chapters].sort((one, other) => ((one.at ?? "") < (other.at ?? "") ? 1 : -1));
  const meetings = newest.map(
    ({ folder, title, at, role }) =>
      markup`<li>
        <a href="${linkTo(`${folder}/index.html`)}">${title}</a><br />${time(at)}
        <span class="muted">${role ?? "your own words alone"}</span>
      </li>`,
  );
  const body = markup`<h1>Your data</h1>
    <p class="muted">${name}, ${email}. Asked for ${time(requestedAt)}.</p>
    <p>
      Everything that is kept about you, as you may see it. This page needs no connection. The same data lies
      beside it as JSON, for programs; <a href="README.md">README.md</a> says what each file holds, and what
      is left out and why.
    </p>
    ${section(
      "You",
      markup`<ul>
        ${files}
      </ul>`,
    )}
    ${section(
      "Emails and templates",
      markup`<p>
        Emails to you lie in the folder <b>emails</b>, your templates for notes in <b>note-templates</b>; a
        folder that is not there would be empty.
      </p>`,
    )}
    ${sentFilesPart(sent)}
    ${section(
      "Calls",
      meetings.length === 0
        ? markup`<p>You have had no calls.</p>`
        : markup`<ul class="rows">
            ${meetings}
          </ul>`,
    )} `;
  return { path: "index.html", text: frame.begin + body.markup + frame.end };
}

const whyMissing = {
  gone: "missing: it is no longer stored",
  damaged: "missing: what is stored is not what you sent",
} as const;

function sentFilesPart(sent: readonly ToldFile[]): Html {
  if (sent.length === 0) return markup``;
  const rows = sent.map(({ path, name, at, missing }) => {
    const shown = missing === null ? markup`<a href="${linkTo(path)}">${name}</a>` : markup`${name}`;
    const remark = missing === null ? "" : whyMissing[missing];
    return markup`<li>${shown} ${time(at)} <span class="muted">${remark}</span></li>`;
  });
  return section(
    "Files you sent",
    markup`<p>Your photo and what you attached in chats. What others attached is theirs, and not here.</p>
      <ul>
        ${rows}
      </ul>`,
  );
}

/** The form of the files, and what becomes of each collection of the store. */
export function readme(): StagedPiece {
  const kept = inventory.map(({ name, holds, export: sentence }) => `- **${name}** (${holds}) ${sentence}`);
  const text = `# What is in this zip

Open \`index.html\` in a browser. Files that end in \`.json\` are JSON in UTF-8; times are ISO 8601 in UTC; \`…Ms\` are
milliseconds since the call's start; people are named by ids, which \`meeting.json\` of each call explains.

| file | holds |
| ---- | ----- |
${accountFilesShown.map(([path, what]) => `| \`${path}\` | ${what} |`).join("\n")}
| \`note-templates/\` | Your templates for notes, as Markdown and JSON |
| \`emails/…/\` | Emails to you: \`email.txt\`, \`email.json\` and their attachments |
| \`meetings/…/index.html\` | A call, to be read |
| \`meetings/…/meeting.json\` | Title, times, people, and when you were there (\`attendance\`) |
| \`meetings/…/transcript.json\` | What was said: a list of lines in order, as corrected |
| \`meetings/…/chat.json\` | The chat, in order |
| \`meetings/…/my-edited-messages.json\` | What messages of yours said before and after you edited them |
| \`photo.…\`, \`meetings/…/my-files/\` | Your photo, and what you attached in the chat; \`files.json\` lists them with their SHA-256. Not what others attached |
| \`meetings/…/notes-shared.md\`, \`notes-mine.md\` | The notes as Markdown |
| \`meetings/…/recap.json\` | Your recap, with action items |
| \`meetings/…/prompts.json\` | Prompts that were shown to you as host |
| \`meetings/…/my-review.json\` | How the call was talked, for you as its coach |
| \`meetings/…/my-consents.json\`, \`my-corrections.json\` | Your answers for this call; what you corrected in its transcript |

Of calls that you cannot open today (you were removed, or left the organisation) there are your own words alone:
\`my-lines.json\`, \`my-messages.json\`, \`my-words-in-shared-notes.json\`, \`notes-mine.md\`.

## What is kept, and what of it is here

${kept.join("\n")}
`;
  return { path: "README.md", text };
}
