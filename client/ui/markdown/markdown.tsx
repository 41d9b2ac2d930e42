// Markdown on the page, without ever passing through HTML text.
import { Square, SquareCheckBig } from "lucide-react";
import { Fragment, type ReactNode, useMemo } from "react";
import { classNames } from "../class-names.ts";
import { withOrderedHeadings } from "./heading-levels.ts";
import styles from "./markdown.module.css";
import { type Block, type ListItem, parseMarkdown } from "./parse-blocks.ts";
import type { Inline } from "./parse-inline.ts";

export interface MarkdownProps {
  text: string;
  /** Level of the page's heading above it; headings of the text go below. */
  under?: 1 | 2 | 3;
  /** How the two states of a checkbox are read out. */
  taskWords: { done: string; open: string };
}

export function Markdown({ text, under = 2, taskWords }: MarkdownProps) {
  const blocks = useMemo(() => withOrderedHeadings(parseMarkdown(text)), [text]);
  return <div className={styles["markdown"]}>{drawBlocks(blocks, { under, taskWords })}</div>;
}

type Context = Required<Pick<MarkdownProps, "under" | "taskWords">>;

function drawBlocks(blocks: readonly Block[], context: Context): ReactNode {
  // The text is read-only: a position names a block well enough.
  return blocks.map((block, index) => <Fragment key={index}>{drawBlock(block, context)}</Fragment>);
}

function drawBlock(block: Block, context: Context): ReactNode {
  switch (block.kind) {
    case "heading": {
      const Heading = `h${Math.min(6, block.level + context.under)}` as "h2" | "h3" | "h4" | "h5" | "h6";
      return <Heading>{drawInlines(block.children)}</Heading>;
    }
    case "paragraph":
      return <p>{drawInlines(block.children)}</p>;
    case "list": {
      const items = block.items.map((item, index) => drawItem(item, index, context));
      if (block.ordered) return <ol start={block.start}>{items}</ol>;
      const tasks = block.items.every((item) => item.checked !== null);
      return <ul className={classNames(tasks && styles["tasks"])}>{items}</ul>;
    }
    case "quote":
      return <blockquote>{drawBlocks(block.blocks, context)}</blockquote>;
    case "code":
      return (
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case "rule":
      return <hr />;
  }
}

function drawItem(item: ListItem, index: number, context: Context): ReactNode {
  const content = <div className={styles["item"]}>{drawBlocks(item.blocks, context)}</div>;
  if (item.checked === null) return <li key={index}>{content}</li>;
  const Box = item.checked ? SquareCheckBig : Square;
  return (
    <li key={index} className={styles["task"]}>
      <Box size={16} role="img" aria-label={item.checked ? context.taskWords.done : context.taskWords.open} />
      {content}
    </li>
  );
}

function drawInlines(inlines: readonly Inline[]): ReactNode {
  return inlines.map((inline, index) => <Fragment key={index}>{drawInline(inline)}</Fragment>);
}

function drawInline(inline: Inline): ReactNode {
  switch (inline.kind) {
    case "text":
      return inline.text;
    case "strong":
      return <strong>{drawInlines(inline.children)}</strong>;
    case "emphasis":
      return <em>{drawInlines(inline.children)}</em>;
    case "strike":
      return <s>{drawInlines(inline.children)}</s>;
    case "code":
      return <code>{inline.text}</code>;
    case "link":
      return (
        <a href={inline.href} target="_blank" rel="noreferrer noopener">
          {drawInlines(inline.children)}
        </a>
      );
    case "break":
      return <br />;
  }
}
