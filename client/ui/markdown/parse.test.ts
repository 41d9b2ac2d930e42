import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMarkdown } from "./parse-blocks.ts";
import { isSafeLink, parseInline } from "./parse-inline.ts";

describe("reading notes' Markdown", () => {
  it("headings, paragraphs and rules", () => {
    expect(parseMarkdown("# Goal\n\nOne\ntwo\n\n---").map((block) => block.kind)).toEqual([
      "heading",
      "paragraph",
      "rule",
    ]);
  });

  it("checkboxes keep their state, and lists their nesting", () => {
    const [list] = parseMarkdown("- [ ] call Tom\n- [x] write plan\n  - with dates\n  - and costs");
    expect(list).toMatchObject({
      kind: "list",
      ordered: false,
      items: [
        { checked: false, blocks: [{ kind: "paragraph" }] },
        {
          checked: true,
          blocks: [{ kind: "paragraph" }, { kind: "list", items: [{ checked: null }, { checked: null }] }],
        },
      ],
    });
  });

  it("a numbered list keeps its first number", () => {
    expect(parseMarkdown("3. c\n4. d")).toMatchObject([{ kind: "list", ordered: true, start: 3 }]);
  });

  it("quotes and code hold what stands in them", () => {
    expect(parseMarkdown("> # a\n> b\n\n```ts\n# no *heading*\n```")).toMatchObject([
      { kind: "quote", blocks: [{ kind: "heading" }, { kind: "paragraph" }] },
      { kind: "code", text: "# no *heading*" },
    ]);
  });

  it("emphasis in all combinations that the editor writes", () => {
    expect(parseInline("a **b** *c* ~~d~~ `e*`")).toEqual([
      { kind: "text", text: "a " },
      { kind: "strong", children: [{ kind: "text", text: "b" }] },
      { kind: "text", text: " " },
      { kind: "emphasis", children: [{ kind: "text", text: "c" }] },
      { kind: "text", text: " " },
      { kind: "strike", children: [{ kind: "text", text: "d" }] },
      { kind: "text", text: " " },
      { kind: "code", text: "e*" },
    ]);
    expect(parseInline("***x***")).toEqual([
      { kind: "strong", children: [{ kind: "emphasis", children: [{ kind: "text", text: "x" }] }] },
    ]);
    expect(parseInline("**a *b***")).toMatchObject([
      { kind: "strong", children: [{ text: "a " }, { kind: "emphasis" }] },
    ]);
  });

  it("escaped signs and line breaks are text and breaks", () => {
    expect(parseInline("2 \\* 3 \\_x\\_\\\nnext")).toEqual([
      { kind: "text", text: "2 * 3 _x_" },
      { kind: "break" },
      { kind: "text", text: "next" },
    ]);
  });

  it("HTML is text", () => {
    expect(parseMarkdown("<img src=x onerror=alert(1)>")).toEqual([
      { kind: "paragraph", children: [{ kind: "text", text: "<img src=x onerror=alert(1)>" }] },
    ]);
  });

  it("links lead to the web or to mail, and to nothing else", () => {
    expect(parseInline("[a](<https://example.org/x>)")).toEqual([
      { kind: "link", href: "https://example.org/x", children: [{ kind: "text", text: "a" }] },
    ]);
    expect(parseInline("[a](javascript:alert(1))").some((inline) => inline.kind === "link")).toBe(false);
    for (const href of [
      "javascript:x",
      " javascript:x",
      "data:text/html,x",
      "file:///etc",
      "//example.org",
    ]) {
      expect(isSafeLink(href)).toBe(false);
      expect(parseInline(`[a](<${href}>)`).some((inline) => inline.kind === "link")).toBe(false);
    }
  });

  it("any text is read without an error, in time that grows with its length", () => {
    const signs = fc.string({
      unit: fc.constantFrom("*", "`", "[", "]", "(", ")", "~", "\\", "\n", "- ", "> ", "a", " "),
    });
    fc.assert(fc.property(signs, (text) => void parseMarkdown(text)));
    for (const hostile of ["*", "**a", "[", "`", "~~", "> ", "- ", "[a](", "*a **b ", "`a``"]) {
      const started = performance.now();
      parseMarkdown(hostile.repeat(40_000));
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });
});
