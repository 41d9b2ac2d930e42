// The two templates of ours as Typst: they hold no text of the résumé, which they read as data.
import type { OwnTemplate } from "../page/templates.ts";

const common = String.raw`
#let page-data = json("page.json")
#let shown(parts) = parts.map(part => if type(part) == str { part } else { box(part.at(0)) }).join()
#let filled(parts) = parts.filter(part => part.len() > 0)
#let address(entry) = if entry.target == none { shown(entry.parts) } else { link(entry.target, shown(entry.parts)) }
#let separator = [ | ]
#let bullets(items) = if items.len() > 0 {
  list(..items.map(item => list.item(block(breakable: false, shown(item)))))
}
#set document(title: page-data.title, author: page-data.title, date: none)
#set par(justify: false, leading: 0.6em, spacing: 0.66em)
#set list(marker: [•], indent: 0.2em, body-indent: 0.55em, spacing: 0.6em)
#show heading: set block(sticky: true)
`;

const sections = String.raw`
#for section in page-data.sections {
  heading(level: 2, shown(section.heading))
  if section.kind == "text" { par(shown(section.text)) }
  if section.kind == "list" { bullets(section.items) }
  if section.kind == "skills" {
    for group in section.groups { par([#strong(shown(group.title) + ":") #shown(group.items)]) }
  }
  if section.kind == "entries" {
    for entry in section.entries { entry-head(entry); bullets(entry.bullets) }
  }
}
`;

const looks: Readonly<Record<OwnTemplate, string>> = {
  classic: String.raw`
#set page(paper: page-data.paper, margin: (x: 18mm, y: 16mm))
#set text(font: ("Source Serif 4", "Source Sans 3"), fallback: false, size: 10pt, lang: "en", hyphenate: false,
  ligatures: false, discretionary-ligatures: false, features: (calt: 0))
#show heading.where(level: 1): it => align(center, block(below: 0.5em, text(size: 20pt, weight: "bold", it.body)))
#show heading.where(level: 2): it => block(above: 1.25em, below: 0.75em, sticky: true, width: 100%, stroke: (bottom: 0.5pt),
  inset: (bottom: 0.35em), text(size: 12pt, weight: "bold", it.body))
#show heading.where(level: 3): it => it.body
#let entry-head(entry) = {
  let first = filled((entry.title, entry.organisation, entry.place))
  if first.len() > 0 {
    block(above: 0.95em, below: 0.55em, sticky: true, {
      heading(level: 3, text(size: 10pt, {
        strong(shown(first.at(0)))
        for part in first.slice(1) { text(weight: "regular", separator + shown(part)) }
      }))
    })
  }
  let second = filled((entry.dates, entry.note))
  if second.len() > 0 {
    block(above: 0.55em, below: 0.62em, sticky: true, emph(second.map(shown).join(separator)))
  }
  for one in entry.links { block(above: 0.55em, below: 0.62em, sticky: true, text(size: 9pt, address(one))) }
}
#heading(level: 1, shown(page-data.name))
#set align(left)
#{
  set align(center)
  if page-data.headline.len() > 0 { block(above: 0.6em, below: 0.6em, emph(text(size: 11pt, shown(page-data.headline)))) }
  for line in (page-data.contact, page-data.links) {
    if line.len() > 0 { block(above: 0.5em, below: 0.5em, text(size: 9pt, line.map(address).join(separator))) }
  }
}
`,
  modern: String.raw`
#let accent = rgb("1f4e79")
#let quiet = rgb("4a4a4a")
#set page(paper: page-data.paper, margin: (x: 20mm, y: 16mm))
#set text(font: ("Source Sans 3", "Source Serif 4"), fallback: false, size: 10.2pt, lang: "en", hyphenate: false,
  ligatures: false, discretionary-ligatures: false, features: (calt: 0))
#show heading.where(level: 1): it => block(below: 0.5em, text(size: 23pt, weight: "semibold", fill: accent, it.body))
#show heading.where(level: 2): it => block(above: 1.35em, below: 0.65em, sticky: true,
  text(size: 12.5pt, weight: "semibold", fill: accent, it.body))
#show heading.where(level: 3): it => it.body
#show strong: set text(weight: "semibold")
#let entry-head(entry) = {
  if entry.title.len() > 0 {
    block(above: 0.95em, below: 0.5em, sticky: true, heading(level: 3, text(size: 10.2pt, strong(shown(entry.title)))))
  }
  let second = filled((entry.organisation, entry.place, entry.dates, entry.note))
  if second.len() > 0 {
    block(above: 0.5em, below: 0.62em, sticky: true, text(fill: quiet, second.map(shown).join(separator)))
  }
  for one in entry.links { block(above: 0.5em, below: 0.62em, sticky: true, text(size: 9.2pt, fill: quiet, address(one))) }
}
#heading(level: 1, shown(page-data.name))
#if page-data.headline.len() > 0 { block(above: 0.6em, below: 0.7em, text(size: 12pt, shown(page-data.headline))) }
#for line in (page-data.contact, page-data.links) {
  if line.len() > 0 { block(above: 0.5em, below: 0.5em, text(size: 9.2pt, fill: quiet, line.map(address).join(separator))) }
}
`,
};

/** Both templates have these margins above and below. */
const end = String.raw`
#context [#metadata((counter(page).final().first(), (here().position().y - 16mm) / (page.height - 32mm))) <pages>]
`;

/** Its data is beside it, as `page.json`: see `typstData`. Under the label `pages` stand how many there are, and how far the last one is filled. */
export function typstSource(template: OwnTemplate): string {
  return `${common}${looks[template]}${sections}${end}`;
}
