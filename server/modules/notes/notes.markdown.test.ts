// The rich text that the editor stores, read as Markdown.
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { toMarkdown } from "./notes.markdown.ts";

type Child = Y.XmlElement | Y.XmlText;

function element(name: string, attributes: Record<string, unknown>, ...children: Child[]): Y.XmlElement {
  const made = new Y.XmlElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value as string);
  made.insert(0, children);
  return made;
}

function text(content: string, marks?: Record<string, unknown>): Y.XmlText {
  const made = new Y.XmlText();
  made.insert(0, content, marks);
  return made;
}

const paragraph = (...children: Child[]) => element("paragraph", {}, ...children);
const item = (...children: Child[]) => element("listItem", {}, ...children);
const task = (checked: boolean, ...children: Child[]) => element("taskItem", { checked }, ...children);

function markdown(...blocks: Child[]): string {
  const fragment = new Y.Doc().getXmlFragment("notes");
  fragment.insert(0, blocks);
  return toMarkdown(fragment);
}

describe("blocks", () => {
  test("headings keep their level, paragraphs are set apart, empty ones vanish", () => {
    expect(
      markdown(
        element("heading", { level: 2 }, text("Goal")),
        paragraph(),
        paragraph(text("Run a marathon")),
        element("heading", { level: 3 }, text("Why")),
      ),
    ).toBe("## Goal\n\nRun a marathon\n\n### Why");
  });

  test("lists are tight, numbered from their start, and nested under their item", () => {
    expect(
      markdown(
        element(
          "bulletList",
          {},
          item(paragraph(text("one")), element("bulletList", {}, item(paragraph(text("inner"))))),
          item(paragraph(text("two"))),
        ),
        element("orderedList", { start: 3 }, item(paragraph(text("three"))), item(paragraph(text("four")))),
      ),
    ).toBe("- one\n  - inner\n- two\n\n3. three\n4. four");
  });

  test("checkboxes show whether they are ticked", () => {
    expect(
      markdown(
        element("taskList", {}, task(true, paragraph(text("done"))), task(false, paragraph(text("to do")))),
      ),
    ).toBe("- [x] done\n- [ ] to do");
  });

  test("quotes, code and rules keep their form", () => {
    expect(
      markdown(
        element("blockquote", {}, paragraph(text("a")), paragraph(text("b"))),
        element("codeBlock", { language: "ts" }, text("const a = `x`;\n# not a heading")),
        element("horizontalRule", {}),
      ),
    ).toBe("> a\n>\n> b\n\n```ts\nconst a = `x`;\n# not a heading\n```\n\n---");
  });

  test("a fence is longer than any in the code", () => {
    expect(markdown(element("codeBlock", {}, text("```")))).toBe("````\n```\n````");
  });

  test("text in an element that is not known is not lost", () => {
    expect(markdown(element("callout", {}, paragraph(text("kept"))))).toBe("kept");
  });

  test("absurd nesting ends as plain text instead of exhausting the stack", () => {
    let nested: Y.XmlElement = paragraph(text("deep"));
    for (let depth = 0; depth < 60; depth += 1) nested = element("blockquote", {}, nested);
    expect(markdown(nested)).toContain("deep");
  });
});

describe("text", () => {
  test("marks touch the words they mark", () => {
    expect(
      markdown(
        paragraph(
          text("very ", { bold: {} }),
          text("important", { italic: {} }),
          text(" "),
          text("x*y", { code: {} }),
          text(" gone", { strike: {} }),
        ),
      ),
    ).toBe("**very** *important* `x*y` ~~gone~~");
  });

  test("a link keeps its address", () => {
    expect(markdown(paragraph(text("here", { link: { href: "https://example.org/a b" } })))).toBe(
      "[here](<https://example.org/a%20b>)",
    );
  });

  test("a mark that overlaps with itself is known by its name before the dashes", () => {
    expect(markdown(paragraph(text("b", { "bold--abc=": {} })))).toBe("**b**");
  });

  test("line breaks stay", () => {
    expect(markdown(paragraph(text("one"), element("hardBreak", {}), text("two")))).toBe("one\\\ntwo");
  });

  test.for([
    ["# no heading", "\\# no heading"],
    ["- no list", "\\- no list"],
    ["1. no list", "1\\. no list"],
    ["> no quote", "\\> no quote"],
    ["---", "\\---"],
    ["2 * 3 * 4 _x_ snake_case", "2 \\* 3 \\* 4 \\_x\\_ snake_case"],
    ["[x](y) <b>", "\\[x\\](y) \\<b>"],
  ])("what looks like Markdown is text: %s", ([written, shown]) => {
    expect(markdown(paragraph(text(written ?? "")))).toBe(shown);
  });
});
