// Words that headings are made of, in six languages: a heading that no list has is known by its words.
import type { SectionKind } from "./sections.ts";

type Named = Exclude<SectionKind, "header">;

const words: Readonly<Record<Named, string>> = {
  summary:
    "summary profile profil perfil profilo objective objectives overview introduction statement uberblick kurzprofil zusammenfassung resumen extracto presentation samenvatting profiel objetivo resumo",
  experience:
    "experience experiences experiencia experiencias experience esperienza esperienze experiencia erfahrung erfahrungen berufserfahrung berufspraxis praxiserfahrung arbeitserfahrung werdegang laufbahn employment emploi emplois parcours trayectoria werkervaring ervaring internships internship praktika praktikum appointments positions career beschaftigung tatigkeiten empleo",
  projects: "project projects projekte projekt projets proyectos progetti projetos projecten portfolio",
  education:
    "education ausbildung bildung bildungsweg bildungsgang studium schulbildung hochschulbildung schule formation formations etudes diplomes educacion formacion estudios istruzione formazione educacao formacao opleiding opleidingen qualifications studies schooling",
  skills:
    "skill skills skillset kenntnisse fahigkeiten kompetenzen edv competences competencias habilidades aptitudes conocimientos competenze capacita habilidades vaardigheden competenties competencies competences proficiencies expertise technologies toolbox strengths",
  awards:
    "award awards honor honors honour honours prize prizes scholarship scholarships fellowships certification certifications certificate certificates certificados certificaciones certificazioni zertifikate zertifizierungen auszeichnungen preise licences licenses licensure publications publikationen veroffentlichungen publicaciones pubblicazioni patents patente talks presentations premios reconocimientos prix distinctions recompenses premi prijzen accreditations achievements accomplishments recognition grants",
  volunteering:
    "volunteering volunteer voluntary voluntariado ehrenamt ehrenamtliches benevolat volontariato mentoring mentorship outreach extracurricular",
  languages:
    "language languages sprache sprachen sprachkenntnisse langue langues idioma idiomas lingue linguas talen",
  links: "links profiles websites",
  other:
    "interests hobbies hobbys interessen loisirs interets intereses aficiones interessi references referenzen referees referencias personal personliche coordonnees kontakt kontaktdaten contacto contatti contact affiliations memberships mitgliedschaften coursework courses weiterbildung weiterbildungen fortbildungen",
};

/** Beside one of those above; of none alone. */
const qualifiers = new Set(
  "top work working professional professionnelle professionnelles professionnel professionnels profesional profesionales laboral laborales professionale professionali profissional relevant other additional selected academic academica academicas akademischer akademische universitaire technical technische techniques tecnicas personal key core main industry military teaching research clinical beruflicher berufliche berufserfahrungen history background and und et y e en de del la le les der die des of in the qualification training computer informatiques it soft hard social digital invited job related job-related complementary complementaria continuing further special specialist professional executive career early recent past prior previous current leadership community schulische schulischer international besondere weitere activities activites actividades lectures service data details daten informations information datos".split(
    " ",
  ),
);
const kinds = new Map<string, Named>(
  Object.entries(words).flatMap(([kind, list]) =>
    list.split(" ").map((word) => [word, kind as Named] as const),
  ),
);

/** In the first person, as people write who dislike headings; compared without spaces, as letters may be set apart. */
const sentences: readonly (readonly [RegExp, Named])[] = [
  [/^(?:whoiam|aboutmyself|alittleaboutme)$/, "summary"],
  [/^(?:what|where)i(?:have|ve)?(?:done|did|work|worked|beenworking|been)(?:sofar)?$/, "experience"],
  [/^(?:things|what|some(?:things)?)i(?:have|ve)?(?:made|built|build|created)$/, "projects"],
  [/^(?:what|where)i(?:have|ve)?(?:studied|learnt|learned|wenttoschool)$/, "education"],
  [/^(?:what|things)i(?:workwith|cando|know|amgoodat|mgoodat|use|bring)$/, "skills"],
];

/** "Where I have worked" heads what "Experience" does. */
export function kindOfSentence(normalised: string): Named | undefined {
  const together = normalised.replaceAll(" ", "");
  return sentences.find(([pattern]) => pattern.test(together))?.[1];
}

/** "s k i l l s": letters set apart, some of them not quite. */
export function isSetApart(normalised: string): boolean {
  const pieces = normalised.split(" ");
  return pieces.length >= 4 && pieces.join("").length <= pieces.length * 1.7;
}

/** What all of these words together head; undefined where one of them has no place in a heading. */
export function kindOfWords(normalised: string): Named | undefined {
  let kind: Named | undefined;
  for (const word of normalised.split(" ")) {
    const known = kinds.get(word);
    if (known === undefined && !qualifiers.has(word)) return undefined;
    // "Personal projects" are projects, and "volunteer experience" is volunteering.
    if (kind === undefined || kind === "other") kind = known ?? kind;
  }
  return kind;
}
