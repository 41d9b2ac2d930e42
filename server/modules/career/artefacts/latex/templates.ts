// The two templates of ours as LaTeX: one column, no tables, no pictures, dates beside what they date.
import { inOrder, type Page } from "../page/page.ts";
import { sectionOrders, type Look, type OwnTemplate } from "../page/templates.ts";
import { latexHead, latexSection } from "./body.ts";
import { latexText } from "./escape.ts";

/**
 * pdfLaTeX, LuaLaTeX and XeLaTeX read it, with packages of every distribution. Under pdfLaTeX the same source has the same
 * bytes, and each glyph says which character it is.
 */
export function latexSource(page: Page, options: Look): string {
  const ordered = inOrder(page, sectionOrders[options.template]);
  return [
    preamble(ordered, options),
    looks[options.template],
    "\\begin{document}",
    latexHead(ordered),
    ...ordered.sections.map(latexSection),
    "\\end{document}",
    "",
  ].join("\n");
}

/** In place of textcomp's, which come from fonts of pixels: those are not there, or do not say which characters they show. */
export const readableSymbols = [
  { command: "textasciigrave", slot: 0 },
  { command: "textasciidieresis", slot: 4 },
]
  .map(
    ({ command, slot }) =>
      `\\DeclareTextSymbol{\\${command}}{T1}{${slot}}\\DeclareTextSymbolDefault{\\${command}}{T1}`,
  )
  .join("");

function preamble(page: Page, { template, paper }: Look): string {
  return String.raw`\documentclass[10pt,${paper}paper]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage[utf8]{inputenc}
  \usepackage{${template === "classic" ? "mathptmx" : "helvet"}}
  \input{glyphtounicode}
  \pdfgentounicode=1
  \pdfinfoomitdate=1
  \pdftrailerid{}
  \pdfsuppressptexinfo=-1
\else
  \usepackage{fontspec}
\fi
\usepackage{textcomp}
\ifPDFTeX
  ${readableSymbols}
\fi
\usepackage[margin=${template === "classic" ? "18mm" : "20mm"},top=16mm,bottom=16mm]{geometry}
\usepackage{xcolor}
\usepackage[hidelinks,pdftitle={${latexText(page.name)}},pdfauthor={${latexText(page.name)}}]{hyperref}
\ifPDFTeX
  \usepackage{microtype}
  \DisableLigatures{encoding = *, family = *}
\fi
\pagestyle{empty}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0pt}
\raggedright
\hyphenpenalty=10000
\exhyphenpenalty=10000
\emergencystretch=3em
\newcommand{\cvgap}{\par\addvspace{0.45\baselineskip}}
\newenvironment{cvitems}{\begin{list}{\textbullet}{%
  \setlength{\leftmargin}{1.2em}\setlength{\labelwidth}{0.7em}\setlength{\labelsep}{0.5em}%
  \setlength{\itemsep}{0.12\baselineskip}\setlength{\topsep}{0.15\baselineskip}%
  \setlength{\parsep}{0pt}\setlength{\partopsep}{0pt}\raggedright}}{\end{list}}
\newcommand{\cvnonempty}[2]{\if\relax\detokenize{#1}\relax\else#2\fi}`;
}

const looks: Readonly<Record<OwnTemplate, string>> = {
  classic: String.raw`\newcommand{\cvseparator}{\ \textbar\ }
\newcommand{\cvname}[1]{{\centering\LARGE\bfseries #1\par}\vspace{0.2\baselineskip}}
\newcommand{\cvheadline}[1]{{\centering\itshape #1\par}\vspace{0.1\baselineskip}}
\newcommand{\cvcontact}[1]{{\centering\small #1\par}}
\newcommand{\cvsection}[1]{\par\addvspace{0.8\baselineskip}{\large\bfseries #1\par}%
  \nobreak\vspace{-0.7\baselineskip}\nobreak\hrulefill\par\nobreak\vspace{0.15\baselineskip}}
\newcommand{\cvtext}[1]{#1\par}
\newcommand{\cvskills}[2]{{\bfseries #1:} #2\par}
\newcommand{\cventry}[5]{\cvgap{\bfseries #1}\cvnonempty{#1}{\cvnonempty{#2}{\cvseparator}}#2%
  \cvnonempty{#3}{\cvseparator #3}\par\nobreak
  \cvnonempty{#4#5}{{\itshape #4\cvnonempty{#4}{\cvnonempty{#5}{\cvseparator}}#5\par}\nobreak}}
\newcommand{\cvaddress}[1]{{\small #1\par}\nobreak}`,
  modern: String.raw`\renewcommand{\familydefault}{\sfdefault}
\definecolor{accent}{HTML}{1F4E79}
\definecolor{quiet}{HTML}{4A4A4A}
\newcommand{\cvseparator}{\ \textbar\ }
\newcommand{\cvname}[1]{{\huge\bfseries\color{accent}#1\par}\vspace{0.2\baselineskip}}
\newcommand{\cvheadline}[1]{{\large #1\par}\vspace{0.2\baselineskip}}
\newcommand{\cvcontact}[1]{{\small\color{quiet}#1\par}}
\newcommand{\cvsection}[1]{\par\addvspace{1.0\baselineskip}{\large\bfseries\color{accent}#1\par}\nobreak\vspace{0.2\baselineskip}}
\newcommand{\cvtext}[1]{#1\par}
\newcommand{\cvskills}[2]{{\bfseries #1:} #2\par\vspace{0.1\baselineskip}}
\newcommand{\cventry}[5]{\cvgap\cvnonempty{#1}{{\bfseries #1\par}\nobreak}%
  \cvnonempty{#2#3#4#5}{{\color{quiet}#2\cvnonempty{#2}{\cvnonempty{#3}{\cvseparator}}#3%
  \cvnonempty{#2#3}{\cvnonempty{#4}{\cvseparator}}#4\cvnonempty{#2#3#4}{\cvnonempty{#5}{\cvseparator}}#5\par}\nobreak}}
\newcommand{\cvaddress}[1]{{\small\color{quiet}#1\par}\nobreak}`,
};
