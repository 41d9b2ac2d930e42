// What the heads of an entry say: which piece is the title, which the employer, which the place.
import { trimmed } from "./find-dates.ts";

const titleWords =
  /\b(?:engineer|developer|programmer|architect|analyst|scientist|manager|director|lead|leader|head|chief|officer|president|vp|cto|ceo|cfo|coo|intern|internship|trainee|apprentice|assistant|associate|consultant|specialist|coordinator|administrator|designer|researcher|fellow|professor|lecturer|teacher|tutor|instructor|nurse|physician|doctor|therapist|technician|mechanic|electrician|accountant|auditor|controller|clerk|cashier|representative|agent|advisor|adviser|supervisor|foreman|operator|driver|chef|cook|waiter|waitress|barista|server|host|writer|editor|journalist|translator|interpreter|producer|photographer|artist|strategist|planner|buyer|recruiter|generalist|partner|founder|co-founder|owner|freelance|freelancer|contractor|volunteer|student|ambassador|attorney|lawyer|paralegal|counsel|counselor|librarian|secretary|receptionist|executive|principal|staff|scrum|product owner|sre|devops|qa|tester|crew|member|captain|sergeant|superintendent|estimator|surveyor|welder|plumber|pharmacist|dentist|veterinarian|curator|organizer|organiser|mentor|coach|trainer|facilitator|resident|registrar|merchandiser|salesperson|convenor|superintendent|host|warden|inspector|apprentice|cleaner|carer|midwife|paramedic|firefighter|dispatcher|machinist|fitter|joiner|baker|butcher|tailor|pilot|steward|conductor|economist|statistician|mathematician|physicist|chemist|biologist|geologist|psychologist|sociologist|historian|archivist|solicitor|barrister|notary|judge|clerk|underwriter|actuary|broker|trader|banker|bookkeeper|treasurer|creator|\w+(?:seller|maker|keeper|worker|handler|stylist))s?\b/i;
/** In German, French, Spanish, Italian, Portuguese and Dutch; German words grow at their beginning. */
const foreignTitleWords =
  /(?<!\p{L})(?:\p{L}*(?:leiter|ingenieur|planer|entwickler|administrator|informatiker|berater|techniker|manager|assistent|mitarbeiter|referent|sachbearbeiter|meister|pfleger|lehrer|trainer|k\u00e4ufer|verk\u00e4ufer|koch|arzt|anwalt|architekt|mechaniker|elektriker|designer|redakteur|praktikant|volont\u00e4r|trainee|student|gestalter|buchhalter|controller|disponent|f\u00fchrer|helfer)(?:in)?|\p{L}*(?:kaufmann|kauffrau|schwester|hilfskraft|fachkraft)|chef(?:fe)?|responsable|ing\u00e9nieure?|d\u00e9velopp(?:eur|euse)|direct(?:eur|rice|or|ora)|conseill(?:er|\u00e8re)|charg\u00e9e?|gestionnaire|technicien(?:ne)?|infirmi(?:er|\u00e8re)|professeure?|stagiaire|consultante?|vend(?:eur|euse)|comptable|attach\u00e9e?|assistante?|cuisini(?:er|\u00e8re)|enfermer[oa]|ingenier[oa]|jef[ea]|gerente|desarrollador[a]?|t\u00e9cnic[oa]|profesor[a]?|becari[oa]|coordinador[a]?|analista|administrativ[oa]|contable|asesor[a]?|auxiliar|m\u00e9dic[oa]|abogad[oa]|consultor[a]?|vendedor[a]?|camarer[oa]|cociner[oa]|ingegnere|responsabile|direttore|impiegat[oa]|infermier[ea]|engenheir[oa]|gestor[a]?|medewerker|ontwikkelaar|adviseur|directeur|verpleegkundige|commis)(?!\p{L})/iu;
const employerWords =
  /(?<![\p{L}\d])(?:inc|llc|ltd|limited|gmbh|ag|corp|corporation|company|co|plc|s\.?a\.?|bv|group|holdings?|labs?|laborator(?:y|ies)|technologies|technology|systems|solutions|software|studios?|partners|bank|university|college|school|institute|hospital|clinic|foundation|agency|ministry|department|council|museum|restaurant|hotel|airlines?|consulting|services|industries|ventures|media|networks?|society|association|center|centre|academy|trust|charity|library|district|city of|county|kg|ohg|e\.?v|mbb|stadtwerke|werke?|klinik(?:um)?|krankenhaus|bundesamt|landesamt|verlag|sarl|sas|groupe|soci\u00e9t\u00e9|cabinet|mairie|h\u00f4pital|cl\u00ednica|grupo|universit\u00e4t|universit\u00e9|universidad|universit\u00e0|ayuntamiento|ab|oy|aps|a\/s|as|s\.r\.o|a\.s|b\.?v|n\.?v|s\.p\.a|s\.r\.l|s\.l|pty|pte|railways?|transports?|instruments|motors|insurance|airways|logistics|pharma|energy|press)(?![\p{L}\d])\.?/iu;
const states =
  "AL|AK|AZ|AR|CA|CO|CT|DC|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|ON|BC|QC|AB|MB|NS|UK|USA|US|UAE|NSW|VIC|QLD";
const countries =
  "United States(?: of America)?|United Kingdom|England|Scotland|Wales|Ireland|Germany|Deutschland|France|Spain|Portugal|Italy|Switzerland|Austria|Netherlands|Belgium|Luxembourg|Denmark|Sweden|Norway|Finland|Iceland|Poland|Czech Republic|Czechia|Slovakia|Hungary|Romania|Bulgaria|Greece|Turkey|Türkiye|Ukraine|Russia|India|Pakistan|Bangladesh|Sri Lanka|Nepal|China|Hong Kong|Taiwan|Japan|South Korea|Korea|Singapore|Malaysia|Indonesia|Vietnam|Thailand|Philippines|Australia|New Zealand|Canada|Mexico|Brazil|Argentina|Chile|Colombia|Peru|South Africa|Nigeria|Kenya|Ghana|Egypt|Morocco|Israel|Saudi Arabia|United Arab Emirates|Qatar|Estonia|Latvia|Lithuania|Slovenia|Croatia|Serbia|California|Texas|Washington|Massachusetts|New York|Ontario|British Columbia|Quebec";
const placePart =
  "[\\p{Lu}][\\p{L}.'\u2019-]*(?:[ -](?:de|of|am|an|der|la|le|les|sur|upon|[\\p{Lu}][\\p{L}.'\u2019-]*)){0,3}";
const place = new RegExp(
  `^(?:(?:[Rr]emote|[Hh]ybrid)(?:\\s*[(,-].*)?|${placePart},\\s*(?:${states}|${countries})(?:,\\s*(?:${states}|${countries}))?(?:\\s+\\d{5})?(?:\\s*\\((?:remote|hybrid|on-?site)\\))?|(?:${countries}))$`,
  "u",
);
const placeAtEnd = new RegExp(
  `[,\\s|\u00b7\u2022\u2013\u2014(-]+(${placePart},\\s*(?:${states}|${countries})|[Rr]emote)\\)?$`,
  "u",
);
const cityAlone =
  /^(?:London|Berlin|Paris|Madrid|Barcelona|Lisbon|Rome|Milan|Zurich|Z\u00fcrich|Geneva|Bern|Basel|Vienna|Amsterdam|Rotterdam|Brussels|Dublin|Edinburgh|Glasgow|Manchester|Bristol|Leeds|Munich|M\u00fcnchen|Hamburg|Frankfurt|Cologne|Stuttgart|Copenhagen|Stockholm|Oslo|Helsinki|Warsaw|Krakow|Prague|Budapest|Athens|Istanbul|Moscow|Kyiv|Tel Aviv|Dubai|Mumbai|Delhi|New Delhi|Bangalore|Bengaluru|Hyderabad|Chennai|Pune|Kolkata|Singapore|Tokyo|Seoul|Shanghai|Beijing|Shenzhen|Sydney|Melbourne|Brisbane|Auckland|Wellington|Toronto|Vancouver|Montreal|Ottawa|New York(?: City)?|NYC|Boston|Chicago|Seattle|San Francisco|Los Angeles|San Diego|Austin|Dallas|Houston|Denver|Atlanta|Miami|Philadelphia|Portland|Washington,? D\.?C\.?|Nairobi|Lagos|Cairo|Cape Town|Johannesburg|S\u00e3o Paulo|Bogot\u00e1|Buenos Aires|Mexico City|Lima|Santiago)$/u;

export function isPlace(text: string): boolean {
  return place.test(text) || cityAlone.test(text);
}

const longPlace = new RegExp(`^${placePart},\\s*${placePart},\\s*(?:${states}|${countries})$`, "u");

/** "Pune, Maharashtra, India": to be asked where nothing else than a place can stand, as employers look the same. */
export function isLongPlace(text: string): boolean {
  return longPlace.test(text) && titleScore(text) === 0 && !employerWords.test(text);
}

/** "8004 Zürich", "D-10115 Berlin". */
export function isPostalPlace(text: string): boolean {
  return /^(?:[A-Z]{1,2}-)?\d{4,5} \p{Lu}[\p{L}.-]+(?: [\p{L}.-]+){0,2}$/u.test(text);
}

/** A short name of its own, with nothing that only employers, titles or numbers have: a place where one is expected. */
export function couldBePlace(text: string): boolean {
  const words = text.split(/[\s,]+/);
  return (
    isPlace(text) ||
    (words.length <= 4 &&
      /^\p{Lu}[\p{L}.'\u2019-]+(?:(?:,? | (?:an der|am|im|sur|de|del|la) )\p{Lu}[\p{L}.'\u2019-]*)*$/u.test(
        text,
      ) &&
      text !== text.toUpperCase() &&
      titleScore(text) === 0)
  );
}

export interface Named {
  title: string;
  company: string;
  location?: string;
}

/** `company` is empty where the heads name none: the entry above may. */
export function namesIn(all: readonly (readonly string[])[]): Named {
  let location: string | undefined;
  // Below two lines that name title and employer, a third one of its own.
  const third = all.length >= 3 && all.at(-1)?.length === 1 ? (all.at(-1)?.[0] ?? "") : "";
  const below = all.length === 2 && all[1]?.length === 1 ? (all[1][0] ?? "") : "";
  const city =
    cityAlone.test(below.split(",")[0] ?? "") && isLongPlace(below) && titleScore(all[0]?.[0] ?? "") > 0;
  const placed = city || isLongPlace(third);
  if (placed) location = city ? below : third;
  const heads = placed ? all.slice(0, -1) : all;
  const pieces: { text: string; line: number }[] = [];
  for (const [line, head] of heads.entries())
    for (const segment of head)
      for (const part of divided(segment)) {
        if (isPlace(part)) location ??= part;
        else pieces.push({ text: part, line });
      }
  for (const piece of pieces) {
    const found = location === undefined && pieces.length <= 3 ? placeAtEnd.exec(piece.text) : null;
    if (found?.[1] === undefined || found.index === 0) continue;
    location = found[1];
    piece.text = trimmed(piece.text.slice(0, found.index));
  }
  const whole = pieces.map(({ text }) => text).filter((text) => text !== "");
  const listed = whole.length === 1 && location === undefined ? titleEmployerPlace(whole[0] ?? "") : null;
  if (listed !== null) return listed;
  const texts = whole.length === 1 ? dividedAtComma(whole[0] ?? "").filter((text) => text !== "") : whole;
  const [first = "", second = "", last] = texts;
  // Three pieces: the one that is neither title nor employer is where it was.
  if (location === undefined && last !== undefined && texts.length === 3 && couldBePlace(last))
    location = last;
  const employer = texts.length >= 2 && titleScore(second) > titleScore(first) ? first : second;
  const [, named, where] = /^(.+?), ([^,]+(?:, [^,]+)?)$/u.exec(employer) ?? [];
  if (
    location === undefined &&
    named !== undefined &&
    where !== undefined &&
    couldBePlace(where) &&
    texts.length === 2
  ) {
    location = where;
    return titleScore(second) > titleScore(first)
      ? { title: second, company: named, location }
      : { title: first, company: named, location };
  }
  const rest = { ...(location === undefined ? {} : { location }) };
  if (texts.length === 0) return { title: "", company: "", ...rest };
  if (texts.length === 1)
    return titleScore(first) > 0
      ? { title: first, company: "", ...rest }
      : { title: "", company: first, ...rest };
  // Where both could be either, most people write the title first.
  return titleScore(second) > titleScore(first)
    ? { title: second, company: first, ...rest }
    : { title: first, company: second, ...rest };
}

/** "Content Creator, Ola Swimwear, Fort Lauderdale": three in a line, the last of them where it was. */
function titleEmployerPlace(text: string): Named | null {
  const [first = "", second = "", location = "", ...more] = text.split(/,\s+/);
  if (location === "" || more.length > 0 || !couldBePlace(location) || employerWords.test(location))
    return null;
  if (isField(second) || /^(?:inc|llc|ltd|gmbh|limited|corp)\b/i.test(second)) return null;
  if (titleScore(first) <= 0 && titleScore(second) <= 0 && employerWords.test(first)) return null;
  return titleScore(second) > titleScore(first)
    ? { title: second, company: first, location }
    : titleScore(second) > 0
      ? null
      : { title: first, company: second, location };
}

function titleScore(text: string): number {
  const names = titleWords.test(text) || foreignTitleWords.test(text);
  return (names ? 2 : 0) - (employerWords.test(text) ? 1.5 : 0);
}

/** At what stands between things; "Engineer at Acme" also at its word. */
function divided(text: string): string[] {
  if (isPlace(text)) return [text];
  return text
    .split(/\s+[|\u00b7\u2022\u2013\u2014/]\s+|\s+-\s+|\s*[|\u2022]\s*|\s+@\s+|;\s+/u)
    .map(trimmed)
    .filter((part) => part !== "")
    .flatMap((part) => (isPlace(part) ? [part] : dividedAtWord(part).filter((piece) => piece !== "")))
    .flatMap(withoutPlace);
}

/** "Acme Ltd, Bern, Switzerland": the employer and the place. */
function withoutPlace(text: string): string[] {
  if (isPlace(text)) return [text];
  const pieces = text.split(/,\s+/);
  for (let at = 1; at < pieces.length; at += 1) {
    const after = pieces.slice(at).join(", ");
    if (isPlace(after)) return [pieces.slice(0, at).join(", "), after];
  }
  return [text];
}

/** "Charge Nurse, Intensive Care, Mercy Hospital": divided before what names an employer, else at the first comma. */
function dividedAtComma(text: string): [string, string] {
  const pieces = text.split(/,\s+/);
  const at = (index: number): [string, string] => [
    pieces.slice(0, index).join(", "),
    pieces.slice(index).join(", "),
  ];
  for (let index = 1; index < pieces.length; index += 1) {
    const [before, after] = at(index);
    if (/^(?:inc|llc|ltd|gmbh|limited|corp)\b/i.test(after)) continue;
    if (titleScore(before) > 0 && employerWords.test(pieces[index] ?? "") && titleScore(after) <= 0)
      return at(index);
    if (employerWords.test(before) && titleScore(after) > 0 && titleScore(before) <= 0) return at(index);
  }
  const [before, after] = at(1);
  const divides =
    after !== "" &&
    titleScore(before) > 0 !== titleScore(after) > 0 &&
    !(titleScore(before) > 0 && isField(after));
  if (divides) return [before, after];
  // "Manager, Data Platform, Acme": the field belongs to the title.
  const [more, last] = at(2);
  return last !== "" && titleScore(more) > 0 ? [more, last] : [text, ""];
}

/** "Manager, Data Platform": what the title is about, not for whom. */
function isField(text: string): boolean {
  return (
    /^(?:data|platform|product|marketing|sales|engineering|operations|research|infrastructure|growth|finance|people|analytics|machine learning|machine|software|quality|security|customer|business|content|user|level|grade)\b/i.test(
      text,
    ) && !employerWords.test(text)
  );
}

function dividedAtWord(text: string): [string, string] {
  const found = /^(.+?)\s+(?:at|@|bei|chez)\s+(\p{Lu}.+)$/u.exec(text);
  return found === null ? [text, ""] : [trimmed(found[1] ?? ""), trimmed(found[2] ?? "")];
}
