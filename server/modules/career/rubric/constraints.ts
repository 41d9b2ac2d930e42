// What nobody can be taken without: years, education, certificates, the right to work.
import type { Rubric } from "../../../../shared/schemas/career/rubric.ts";
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import { niceWords } from "./cues.ts";
import { quantitiesIn } from "../text/quantities.ts";

const education =
  /\b(?:bachelor(?:'|’)?s?|master(?:'|’)?s?|ph\.?d|doctorate|mba|b\.?sc|m\.?sc|b\.?eng|m\.?eng|degree|diploma|nvq(?: level \d)?|hnd|a[- ]levels?|gcses?|apprenticeship|high school)\b/iu;
const certificate =
  /\b(?:certificat(?:e|ion)s?|certified|licen[cs]ed?|registration with|registered with|chartered|accredit(?:ed|ation)|PRINCE2|PMP|ITIL|ACCA|CIPD|CFA|NMC|CSCS|TEFL|QTS|DBS|disclosure check|background check|first aid certificate|SIA|CPA|P\.Eng|White Card)\b/iu;
const authorisation =
  /\b(?:right to work|work permit|work authori[sz]ation|authori[sz]ed to work|eligib(?:le|ility) to work|visas?|sponsor(?:s|ed|ship)?|security clearance|citizen(?:ship)?)\b/iu;

/** Of what is required, and of sentences that say who may work there at all; each is quoted as it stands. */
export function constraintsOf(
  required: readonly string[],
  sentences: readonly string[],
): Rubric["constraints"] {
  const years = required.flatMap(yearsOf);
  const of = (pattern: RegExp, texts: readonly string[]) =>
    [
      ...new Set(texts.filter((text) => pattern.test(text) && text.length <= careerBounds.bulletMaxChars)),
    ].slice(0, careerBounds.quotesMaxItems);
  const schools = of(education, required);
  const papers = of(certificate, [...required, ...sentences.filter((one) => checked.test(one))]);
  const permits = of(authorisation, [...required, ...sentences.filter((one) => barred.test(one))]);
  return {
    ...(years.length === 0 ? {} : { yearsExperienceMin: Math.max(...years) }),
    ...(schools.length === 0 ? {} : { education: schools }),
    ...(papers.length === 0 ? {} : { certifications: papers }),
    ...(permits.length === 0 ? {} : { workAuthorization: permits }),
  };
}

/** Often said at the end, of the post and not of the person. */
const checked =
  /\b(?:subject to|requires?|will need|must)\b.*\b(?:DBS|disclosure|security clearance|background check)\b/iu;
const barred =
  /\b(?:(?:cannot|can not|unable to|do not|not able to) (?:offer |provide )?sponsor|no (?:visa )?sponsorship|without sponsorship|only (?:consider|accept).*(?:right to work|authori[sz]ed))/iu;

/** Of experience, not of age: "Five years of nursing", "4 years' experience"; of a range the lower end. */
function yearsOf(text: string): number[] {
  const isOfWork =
    /\bexperience\b|\byears?(?:'|’)?\s+(?:or more\s+)?(?:of|in|as|behind|building|working|running|leading|managing|doing|post|with|on|within|at)\b/iu.test(
      text,
    ) && !/\byears?\s+(?:of age|old|or older)\b/iu.test(text);
  if (!isOfWork || niceWords.test(text) || /\b(?:we have|our)\b/iu.test(text)) return [];
  const years = quantitiesIn(text).filter(({ unit, value }) => unit === "year" && value <= 40);
  return years.length === 0 ? [] : [Math.min(...years.map(({ value }) => value))];
}
