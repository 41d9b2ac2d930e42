// What nobody can be taken without: years, education, certificates, the right to work.
import type { Rubric } from "../../../../shared/schemas/career/rubric.ts";
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import { quantitiesIn } from "../text/quantities.ts";
import { niceWords } from "./cues.ts";
import { asWords } from "./german.ts";

/** "Scrum Master", "a high degree of care", "chilled to 4 degrees" are none. */
const education = new RegExp(
  String.raw`\b(?:bachelor(?:'|’)?s?|master(?:'|’)s|masters|master (?:of|degree|in)|(?:or|\/) ?master|ph\.?d|doctora(?:te|l)|mba|b\.?sc|m\.?sc|b\.?eng|m\.?eng|(?<!\b(?:high|higher|great|large|certain|some|strong|\d+)[ -])degree(?! of\b)|diploma|nvq(?: level \d)?|hn[cd]|t[- ]levels?|a[- ]levels?|gcses?|apprentice(?:ship)?|high school|ged)\b|${asWords("(?:\\p{L}+)?studium|ausbildung|(?:hochschul|schul)?abschluss|diplom|abitur|matura")}`,
  "iu",
);
const certificate = new RegExp(
  String.raw`\b(?:certificat(?:e|ion)s?|certified|licen[cs]e[ds]?|registration with|registered (?:with|nurse|midwife|social worker)|chartered|accredit(?:ed|ation)|qualified teacher status|PRINCE2|PMP|ITIL|ACCA|CIMA|ACA|CIPD|CFA|NMC|HCPC|GMC|CSCS|ECS card|gold card|18th edition|gas safe|TEFL|QTS|DBS|disclosure check|background check|first aid certificate|food (?:safety|hygiene)|SIA|CPA|CISSP|CompTIA|SMSTS|IPAF|P\.Eng|White Card)\b|${asWords("führerschein|approbation|\\p{L}*zertifikat|staplerschein")}`,
  "iu",
);
const authorisation = new RegExp(
  String.raw`\b(?:right to work|work permits?|work authori[sz]ation|authori[sz]ed to work|eligib(?:le|ility) to work|entitle(?:d|ment) to work|visas?|sponsor(?:s|ed|ship)?|(?:security|SC|DV|CTC|BPSS|NPPV\d?|secret|government|vetting) clear(?:ance|ed)|security (?:vetting|requirements)|public trust|settled status|green card|citizens?(?:hip)?|(?:UK|EU|EEA|US|British|Irish|Swiss) nationals?)\b|${asWords("arbeitserlaubnis|arbeitsgenehmigung|aufenthaltstitel")}`,
  "iu",
);

/** Of what is required, and of sentences that say who may work there at all; each is quoted as it stands. */
export function constraintsOf(
  allRequired: readonly string[],
  allSentences: readonly string[],
): Rubric["constraints"] {
  // What is longer than any quote is not looked through.
  const [required, sentences] = [allRequired.filter(isQuotable), allSentences.filter(isQuotable)];
  const years = required.flatMap(yearsOf);
  const of = (pattern: RegExp, texts: readonly string[]) =>
    [...new Set(texts.filter((text) => pattern.test(text)))].slice(0, careerBounds.quotesMaxItems);
  const schools = of(education, required);
  const papers = of(certificate, [...required, ...sentences.filter(isCheck)]);
  const permits = of(authorisation, [...required, ...sentences.filter((one) => barred.test(one))]);
  return {
    ...(years.length === 0 ? {} : { yearsExperienceMin: Math.max(...years) }),
    ...(schools.length === 0 ? {} : { education: schools }),
    ...(papers.length === 0 ? {} : { certifications: papers }),
    ...(permits.length === 0 ? {} : { workAuthorization: permits }),
  };
}

function isQuotable({ length }: string): boolean {
  return length <= careerBounds.bulletMaxChars;
}

/** Often said at the end, of the post and not of the person. */
function isCheck(text: string): boolean {
  return (
    /\b(?:DBS|disclosure|security clearance|background check|criminal record check)\b/iu.test(text) &&
    /\b(?:subject to|requires?|required|need(?:s|ed)?|must|undergo|will (?:have|be|undergo))\b/iu.test(text)
  );
}

const barred =
  /\b(?:(?:cannot|can not|can(?:'|’)t|unable to|do not|don(?:'|’)t|not able to) (?:\p{L}+ ){0,3}sponsor|no (?:visa )?sponsorship|without sponsorship|sponsorship (?:is|cannot|will) (?:not|be)\b|only (?:consider|accept).*(?:right to work|authori[sz]ed)|(?:must|need to|required to)\b.*(?:right to work|authori[sz]ed to work|eligible to work|work permit|clearance|security requirements)|open to\b.*\bnationals)/iu;

/** Of experience, not of age: "Five years of nursing", "4 years' experience"; of a range the lower end. */
function yearsOf(text: string): number[] {
  const isOfWork =
    /\bexperience\b|\byears?(?:'|’)?\s+(?:or more\s+)?(?:of|in|as|behind|building|working|running|leading|managing|doing|cooking|teaching|writing|post|with|on|within|at)\b|\bfor (?:at least |more than |over )?(?:\d+|\p{L}+)\+? years?\b|(?<!\p{L})jahre\p{L}? /iu.test(
      text,
    ) &&
    !/\byears?\s+(?:of age|old|or older)\b|\b(?:resident|residen(?:ce|cy)|lived|(?:last|past) (?:\d|two|three|four|five|ten)\w* years?)\b/iu.test(
      text,
    );
  if (!isOfWork || niceWords.test(text) || /\b(?:we have|our)\b/iu.test(text)) return [];
  // "A degree or 3 years of experience": nobody has to have the years.
  if (education.test(text) && /\bor (?:at least |a minimum of )?(?:\d|one|two|three|four|five)/iu.test(text))
    return [];
  const plain = text.replace(/(years?)['’]/giu, "$1").replace(/\s+or more(?=\s+years?\b)/giu, "");
  const years = quantitiesIn(plain).filter(({ unit, value }) => unit === "year" && value <= 40);
  const inGerman = [...text.matchAll(/(?<!\d)(\d{1,2})\+?\s*(?:[-–]\s*\d{1,2}\s*)?jahre/giu)];
  const all = [...years.map(({ value }) => value), ...inGerman.map(([, first]) => Number(first))];
  if (all.length === 0) return [];
  // Of a range and of alternatives the least, of what is asked for together the most.
  const isChoice = /\d\s*(?:-|–|to)\s*\d|\bor\b(?! more)/iu.test(text);
  return [isChoice ? Math.min(...all) : Math.max(...all)];
}
