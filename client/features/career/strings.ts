// Words of the frame around the career pages.

export const careerStrings = {
  areas: {
    label: "Career pages",
    resumes: "Résumés",
    postings: "Postings",
    runs: "Runs",
    applications: "Applications",
  },
} as const;
