// What German lines and headings of postings say of obligation: many postings mix both languages.

/** Sources of patterns; a word begins where no letter stands before it. */
export const german = {
  must: String.raw`zwingend|(?<!nicht )erforderlich|voraussetzung|vorausgesetzt|unabdingbar|mindestens|unbedingt|musst|müssen|benötigst`,
  nice: String.raw`wünschenswert|erwünscht|von vorteil|vorteilhaft|idealerweise|im idealfall|bestenfalls|(?:ein |großes )plus|kein muss|nicht zwingend|wäre(?:n)? (?:\p{L}+ )?(?:schön|toll|super|ideal|hilfreich|ein)|gern(?:e)? gesehen|freuen wir uns`,
  requirement: String.raw`(?:berufs)?erfahrung(?:en)?|[\p{L}-]*kenntnisse?|studium|ausbildung|hochschulabschluss|abschluss|fähigkeit(?:en)?|[\p{L}]*bereitschaft|führerschein|verhandlungssicher(?:es|e)?|fließend(?:e|es)?|verständnis|teamfähigkeit|teamgeist|sicherer umgang|versiert|[\p{L}]*stärke|zuverlässigkeit|arbeitserlaubnis|aufenthaltstitel|arbeitsweise|qualifikation|erfahren|vertraut mit|interesse an`,
  firm: String.raw`abgeschlossene?s?|mehrjährige?|langjährige?|sehr gute|fundierte|ausgeprägte?s?|sicherer|fließend(?:e|es)?|gültige?r?|\d\+? jahre|bereitschaft|[\p{L}]+bereitschaft|verhandlungssicher(?:es|e)?`,
  soft: String.raw`erste (?:\p{L}+ )?erfahrung(?:en)?|grundkenntnisse|interesse an|(?:oder )?vergleichbar|weitere`,
  offers: String.raw`urlaub(?:stage)?|altersvorsorge|(?:brutto)?(?:jahres|monats)?gehalt|vergütung|überzahlung|homeoffice|jobticket|deutschlandticket|[\p{L}]+-ticket|zuschuss|gleitzeit|firmenwagen|betriebliche|gesundheitsangebote|weiterbildungsbudget|wir bieten|mitarbeiterrabatte?`,
  company: String.raw`bewirb dich|bewerbung(?:en)?|lebenslauf|anschreiben|unabhängig von|schwerbehindert|gehaltsvorstellung|wir freuen uns auf|wir sind|wir bauen|über uns`,
} as const;

/** Headings by what stands under them; none is said of both. */
export const germanHeadings = {
  nice: String.raw`wünschenswert|idealerweise|von vorteil|das wäre|was uns freu\p{L}+|pluspunkte`,
  duties: String.raw`(?:deine|ihre|die) aufgaben|aufgaben(?:gebiet|bereich)?|(?:was|das) (?:dich|sie) erwartet|(?:was|das) erwartet (?:dich|sie)|das machst du|tätigkeiten|deine rolle`,
  other: String.raw`(?:das |was )?(?:bieten wir|wir (?:dir |ihnen )?bieten)|unser angebot|über uns|wer wir sind|warum wir|das bekommst du|(?:deine|ihre) vorteile|bewerbung|kontakt`,
  must: String.raw`(?:mindest)?anforderungen|voraussetzungen|muss[- ]kriterien|das brauchst du`,
  asked: String.raw`(?:dein|ihr) profil|(?:das|was) (?:bringst du|du|sie) mit(?:bring\p{L}+)?|du bringst mit|(?:deine|ihre) qualifikation(?:en)?|wen wir suchen|wir suchen`,
} as const;

export const asWords = (sources: string): string => String.raw`(?<![\p{L}-])(?:${sources})(?!\p{L})`;
