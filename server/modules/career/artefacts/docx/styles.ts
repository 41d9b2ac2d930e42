// How the Word document looks: headings and lists as Word knows them, so that readers and machines do, too.
import type { OwnTemplate } from "../page/templates.ts";

const wordMl = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

interface Style {
  id: string;
  name: string;
  type?: "paragraph" | "character";
  /** In half points. */
  size?: number;
  bold?: boolean;
  italic?: boolean;
  colour?: string;
  centred?: boolean;
  /** In twentieths of a point. */
  before?: number;
  after?: number;
  keepNext?: boolean;
  line?: boolean;
  outline?: number;
  list?: boolean;
}

export function stylesXml(template: OwnTemplate): string {
  const isClassic = template === "classic";
  const font = isClassic ? "Cambria" : "Calibri";
  const accent = isClassic ? "000000" : "1F4E79";
  const quiet = isClassic ? "000000" : "4A4A4A";
  const styles: Style[] = [
    { id: "Normal", name: "Normal", size: 20, after: 20 },
    {
      id: "Title",
      name: "Title",
      size: isClassic ? 34 : 40,
      bold: true,
      colour: accent,
      centred: isClassic,
      after: 40,
    },
    { id: "Subtitle", name: "Subtitle", size: 22, italic: isClassic, centred: isClassic, after: 40 },
    { id: "Contact", name: "Contact", size: 18, colour: quiet, centred: isClassic, after: 0 },
    {
      id: "Heading1",
      name: "heading 1",
      size: 24,
      bold: true,
      colour: accent,
      before: 200,
      after: 60,
      keepNext: true,
      line: isClassic,
      outline: 0,
    },
    {
      id: "Heading2",
      name: "heading 2",
      size: 20,
      bold: true,
      before: 100,
      after: 0,
      keepNext: true,
      outline: 1,
    },
    {
      id: "EntryDetails",
      name: "Entry details",
      size: 20,
      italic: isClassic,
      colour: quiet,
      after: 20,
      keepNext: true,
    },
    { id: "ListBullet", name: "List Bullet", size: 20, after: 20, list: true },
    { id: "Strong", name: "Strong", type: "character", bold: true },
  ];
  return (
    `<w:styles xmlns:w="${wordMl}"><w:docDefaults><w:rPrDefault><w:rPr>` +
    `<w:rFonts w:ascii="${font}" w:hAnsi="${font}" w:cs="${font}" w:eastAsia="${font}"/><w:sz w:val="20"/>` +
    `<w:lang w:val="en-US"/></w:rPr></w:rPrDefault></w:docDefaults>${styles.map(styleXml).join("")}</w:styles>`
  );
}

export function numberingXml(): string {
  return (
    `<w:numbering xmlns:w="${wordMl}"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/>` +
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="\u2022"/><w:lvlJc w:val="left"/>' +
    '<w:pPr><w:ind w:left="284" w:hanging="227"/></w:pPr></w:lvl></w:abstractNum>' +
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
  );
}

function styleXml(style: Style): string {
  const type = style.type ?? "paragraph";
  const isDefault = style.id === "Normal" ? ' w:default="1"' : "";
  const based = type === "paragraph" && style.id !== "Normal" ? '<w:basedOn w:val="Normal"/>' : "";
  // In the order in which the schema wants them.
  const paragraph = [
    style.keepNext === true ? "<w:keepNext/>" : "",
    style.list === true ? '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' : "",
    style.line === true
      ? '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="000000"/></w:pBdr>'
      : "",
    `<w:spacing w:before="${style.before ?? 0}" w:after="${style.after ?? 0}"/>`,
    style.centred === true ? '<w:jc w:val="center"/>' : "",
    style.outline === undefined ? "" : `<w:outlineLvl w:val="${style.outline}"/>`,
  ].join("");
  const run = [
    style.bold === true ? "<w:b/>" : "",
    style.italic === true ? "<w:i/>" : "",
    style.colour === undefined ? "" : `<w:color w:val="${style.colour}"/>`,
    style.size === undefined ? "" : `<w:sz w:val="${style.size}"/>`,
  ].join("");
  return (
    `<w:style w:type="${type}" w:styleId="${style.id}"${isDefault}><w:name w:val="${style.name}"/>${based}<w:qFormat/>` +
    `${type === "paragraph" ? `<w:pPr>${paragraph}</w:pPr>` : ""}<w:rPr>${run}</w:rPr></w:style>`
  );
}
