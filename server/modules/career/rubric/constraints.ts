// What nobody can be taken without: years, education, certificates, the right to work.
import type { Rubric } from "../../../../shared/schemas/career/rubric.ts";
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import { quantitiesIn } from "../text/quantities.ts";

const education =
  /\b(?:bachelor(?:'|’)?s?|master(?:'|’)?s?|ph\.?d|doctorate|mba|b\.?sc|m\.?sc|b\.?eng|m\.?eng|degree|diploma|nvq(?: level \d)?|hnd|a[- ]levels?|gcses?|apprenticeship|high school)\b/iu;
const certificate =
  /\b(?:certificat(?:e|ion)s?|certified|licen[cs]ed?|registration with|registered with|chartered|accredit(?:ed|ation)|PRINCE2|PMP|ITIL|ACCA|CIPD|CFA|NMC|CSCS|TEFL|QTS|DBS check)\b/iu;
const authorisation =
  /\b(?:right to work|work permit|work authori[sz]ation|authori[sz]ed to work|eligib(?:le|ility) to work|visa|sponsorship|security clearance|citizen(?:ship)?)\b/iu;

/** Of the lines that may ask for something; each is quoted as it stands. */
export function constraintsOf(lines: readonly string[]): Rubric["constraints"] {
  const years = lines.flatMap(yearsOf);
  const of = (pattern: RegExp) =>
    [
      ...new Set(lines.filter((line) => pattern.test(line) && line.length <= careerBounds.bulletMaxChars)),
    ].slice(0, careerBounds.quotesMaxItems);
  const [schools, papers, permits] = [of(education), of(certificate), of(authorisation)];
  return {
    ...(years.length === 0 ? {} : { yearsExperienceMin: Math.max(...years) }),
    ...(schools.length === 0 ? {} : { education: schools }),
    ...(papers.length === 0 ? {} : { certifications: papers }),
    ...(permits.length === 0 ? {} : { workAuthorization: permits }),
  };
}

/** Of a range the lower end; what is only preferred, and the company's own age, is none. */
function yearsOf(line: string): number[] {
  const isWish = /\b(?:preferred|ideally|a plus|desirable|nice to have|we have|our)\b/iu.test(line);
  if (!/\bexperience\b/iu.test(line) || isWish) return [];
  const years = quantitiesIn(line).filter(({ unit, value }) => unit === "year" && value <= 40);
  return years.length === 0 ? [] : [Math.min(...years.map(({ value }) => value))];
}
