// How much a résumé, a posting and what is made of them may hold; what is larger is refused at the edge.

export const careerBounds = {
  labelMaxChars: 200,
  shortTextMaxChars: 300,
  urlMaxChars: 2_000,
  summaryMaxChars: 5_000,
  bulletMaxChars: 1_000,
  bulletsPerParentMaxItems: 60,
  /** Experience, projects and awards together: what the selection is made for. */
  bulletsMaxItems: 500,
  rolesMaxItems: 60,
  projectsMaxItems: 100,
  educationMaxItems: 30,
  awardsMaxItems: 100,
  skillsPerCategoryMaxItems: 200,
  linksMaxItems: 50,
  tagsMaxItems: 50,
  postingMaxChars: 100_000,
  postingsPerPersonMaxItems: 2_000,
  postingSearchMaxChars: 100,
  applicationsPerPersonMaxItems: 2_000,
  timelineMaxItems: 500,
  nextActionMaxChars: 300,
  requirementsMaxItems: 80,
  keywordsMaxItems: 150,
  quotesMaxItems: 20,
  ambiguitiesMaxItems: 50,
  templateMaxChars: 100_000,
  pagesMost: 4,
  /** Of one person, with those that were deleted and can be had back. */
  resumesMaxItems: 50,
  resumeBodyMaxChars: 400_000,
} as const;
