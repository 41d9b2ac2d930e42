// The pages of a meeting in an export: what was said, written and made of it, to be read without the product.
import type { CitedText } from "../../../shared/schemas/insights.ts";
import type { Message } from "../../../shared/schemas/messages.ts";
import type { StagedPiece } from "./export.files.ts";
import type { OwnWords, SeenMeeting } from "./export.meeting.ts";
import { pageFrame, section, time } from "./export.page.ts";
import { markup, type Html } from "./export.text.ts";

const back = markup`<p><a href="../../index.html">All of your data</a></p>`;

export async function* meetingPage(path: string, seen: SeenMeeting): AsyncGenerator<StagedPiece> {
  const { meeting, sharedNotes, ownNotes, recap } = seen;
  const frame = pageFrame(meeting.title);
  const names = new Map<string, string>(
    meeting.participants.map(({ userId, displayName }) => [userId, displayName]),
  );
  yield { path, text: frame.begin + head(seen).markup };
  const insight = recap?.insight ?? null;
  if (insight !== null) yield { path, text: section("Recap", recapPart(insight, names)).markup };
  if (ownNotes !== null && ownNotes !== "")
    yield { path, text: section("My notes", markup`<pre>${ownNotes}</pre>`).markup };
  if (sharedNotes !== null && sharedNotes !== "")
    yield { path, text: section("Shared notes", markup`<pre>${sharedNotes}</pre>`).markup };
  if (seen.chat !== null)
    yield* list(path, "Chat", seen.chat(), ({ userId, createdAt, ...message }) =>
      said(names.get(userId) ?? "Somebody", time(createdAt), messageText(message)),
    );
  if (seen.transcript !== null)
    yield* list(path, "What was said", seen.transcript(), ({ speakerId, speakerLabel, startMs, text }) =>
      said(
        names.get(speakerId) ?? speakerLabel ?? "Somebody",
        markup`<time>${clockOf(startMs)}</time>`,
        text,
      ),
    );
  if (seen.transcript === null) yield { path, text: hidden.markup };
  yield { path, text: frame.end };
}

const hidden = section(
  "What you do not see here",
  markup`<p>
    Observers see notes, chat and transcript while everybody who takes part agrees to it. At the time of this
    export that was not so.
  </p>`,
);

export async function* ownWordsPage(
  path: string,
  { title, at, words }: { title: string; at: Date | null; words: OwnWords },
): AsyncGenerator<StagedPiece> {
  const frame = pageFrame(title);
  const intro = markup`${back}
    <h1>${title}</h1>
    <p>${time(at)}</p>
    <p class="muted">
      You cannot open this call today: you were removed from it, or belong no more to the organisation it was
      held in. What you yourself said and wrote there is yours.
    </p>`;
  yield { path, text: frame.begin + intro.markup };
  if (words.ownNotes !== "")
    yield { path, text: section("My notes", markup`<pre>${words.ownNotes}</pre>`).markup };
  if (words.sharedNotes.length > 0) {
    const texts = words.sharedNotes.map((text) => markup`<p>${text}</p>`);
    yield {
      path,
      text: section("What I wrote in the shared notes", markup`<div class="lines">${texts}</div>`).markup,
    };
  }
  yield* list(path, "What I wrote in the chat", words.messages(), (message) =>
    said("Me", time(message.at), message.content),
  );
  yield* list(path, "What I said", words.lines(), ({ startMs, text }) =>
    said("Me", markup`<time>${clockOf(startMs)}</time>`, text),
  );
  yield { path, text: frame.end };
}

function head({ meeting }: SeenMeeting): Html {
  const people = meeting.participants.map(
    ({ displayName, role }) => markup`<li>${displayName} <span class="muted">${role}</span></li>`,
  );
  const description = meeting.description === null ? markup`` : markup`<pre>${meeting.description}</pre>`;
  return markup`${back}
    <h1>${meeting.title}</h1>
    <p>
      ${time(meeting.startedAt ?? meeting.scheduledAt)}
      <span class="muted">${meeting.state}, your role: ${meeting.myRole}</span>
    </p>
    ${description}
    ${section(
      "People",
      markup`<ul>
        ${people}
      </ul>`,
    )}`;
}

function recapPart(
  {
    outcome,
    summary,
    decisions,
    actionItems,
    recommendations,
    links,
    missing,
  }: NonNullable<NonNullable<SeenMeeting["recap"]>["insight"]>,
  names: Map<string, string>,
): Html {
  const texts = (title: string, of: readonly CitedText[]) =>
    of.length === 0
      ? markup``
      : markup`<h3>${title}</h3>
          <ul>
            ${of.map(({ text }) => markup`<li>${text}</li>`)}
          </ul>`;
  const actions = actionItems.map(({ text, ownerId, dueText, movedTo, done }) => {
    const owner = ownerId === null ? "" : (names.get(ownerId) ?? "");
    const remarks = [owner, movedTo ?? dueText ?? "", done ? "done" : "open"].filter(
      (remark) => remark !== "",
    );
    return markup`<li>${text} <span class="muted">${remarks.join(", ")}</span></li>`;
  });
  const suggested = recommendations.map(({ content, citations }) => ({ text: content, citations }));
  if (
    outcome === null &&
    [summary, decisions, actionItems, recommendations, links].every(({ length }) => length === 0)
  )
    return markup`<p>Nothing was found in this call that a recap could say.</p>`;
  return markup`${outcome === null ? markup`` : markup`<p>${outcome.text}</p>`}
  ${texts("Summary", summary)}${texts("Decisions", decisions)}
  ${
    actions.length === 0
      ? markup``
      : markup`<h3>Action items</h3>
          <ul>
            ${actions}
          </ul>`
  }
  ${texts("Suggestions", suggested)}
  ${
    links.length === 0
      ? markup``
      : markup`<h3>Links</h3>
          <ul>
            ${links.map(({ url, title }) => markup`<li>${title} <span class="muted">${url}</span></li>`)}
          </ul>`
  }
  ${missing.map((text) => markup`<p class="muted">${text}</p>`)}`;
}

/** Of files that came with it their names: those that the person sent lie in the zip. */
function messageText({
  content,
  attachments,
  deleted,
}: Pick<Message, "content" | "attachments" | "deleted">) {
  if (deleted !== null) return "(deleted)";
  return [content, ...attachments.map(({ name }) => `(file: ${name})`)]
    .filter((part) => part !== "")
    .join(" ");
}

function said(who: string, when: Html, text: string): Html {
  return markup`<p><b>${who}</b> ${when}<br />${text}</p>`;
}

/** A section of any length; none where there is nothing. */
async function* list<Item>(
  path: string,
  title: string,
  items: AsyncIterable<Item>,
  shown: (item: Item) => Html,
): AsyncGenerator<StagedPiece> {
  let begun = false;
  for await (const item of items) {
    if (!begun)
      yield {
        path,
        text: markup`<section>
<h2>${title}</h2>
<div class="lines">
`.markup,
      };
    begun = true;
    yield { path, text: `${shown(item).markup}\n` };
  }
  if (begun) yield { path, text: "</div>\n</section>\n" };
}

/** Since the meeting's start. */
function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
