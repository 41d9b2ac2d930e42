// Topics that people tell of themselves: a shared list to choose from, and one spelling for what they add freely.

export interface TopicGroup {
  name: string;
  topics: readonly string[];
}

/** What is offered to choose from; anything else may be added. */
export const topicGroups: readonly TopicGroup[] = [
  {
    name: "Leading and working together",
    topics: [
      "Leadership",
      "First-time management",
      "Delegation",
      "Feedback",
      "Conflict",
      "Hiring",
      "Team building",
      "Remote work",
      "Facilitation",
      "Change management",
      "Strategy",
      "Decision making",
    ],
  },
  {
    name: "Career",
    topics: [
      "Career change",
      "Interviews",
      "Negotiation",
      "Promotion",
      "Networking",
      "Personal brand",
      "Freelancing",
      "Starting a company",
      "Returning to work",
      "Mentoring",
      "Coaching practice",
      "Retirement",
    ],
  },
  {
    name: "Speaking and writing",
    topics: [
      "Public speaking",
      "Presentations",
      "Storytelling",
      "Writing",
      "Listening",
      "Difficult conversations",
      "Languages",
      "Teaching",
    ],
  },
  {
    name: "Oneself",
    topics: [
      "Confidence",
      "Stress",
      "Burnout",
      "Work-life balance",
      "Habits",
      "Time management",
      "Focus",
      "Mindfulness",
      "Motivation",
      "Purpose",
      "Parenting",
      "Health",
    ],
  },
  {
    name: "Fields",
    topics: [
      "Software engineering",
      "Data science",
      "Artificial intelligence",
      "Design",
      "Product management",
      "Marketing",
      "Sales",
      "Finance",
      "Law",
      "Medicine",
      "Nursing",
      "Education",
      "Research",
      "Public sector",
      "Non-profit",
      "Sustainability",
      "Manufacturing",
      "Trades",
    ],
  },
  {
    name: "Beside work",
    topics: [
      "Music",
      "Reading",
      "Film",
      "Cooking",
      "Gardening",
      "Hiking",
      "Running",
      "Cycling",
      "Climbing",
      "Travel",
      "Photography",
      "Games",
      "Volunteering",
      "Arts and crafts",
    ],
  },
];

const known = new Map(
  topicGroups.flatMap(({ topics }) => topics).map((topic) => [topicKey(topic), topic] as const),
);

/** The same for what people would call the same topic: case, width, accents, dashes and spaces make no difference. */
export function topicKey(topic: string): string {
  return foldedWords(topic).join(" ");
}

/** As the shared list spells it; what is not in it stays as it was written, with single spaces. */
export function canonicalTopic(topic: string): string {
  return known.get(topicKey(topic)) ?? topic.normalize("NFC").replace(/\s+/gu, " ").trim();
}

/** In the order in which they were named, each once. */
export function canonicalTopics(topics: readonly string[]): string[] {
  const named = new Map<string, string>();
  for (const topic of topics.map(canonicalTopic)) {
    const key = topicKey(topic);
    // What has neither letters nor digits, such as a smiley, is itself.
    if (!named.has(key === "" ? topic : key)) named.set(key === "" ? topic : key, topic);
  }
  return [...named.values()];
}

/** Words as they are compared: without case and accents, in one width; letters and digits of any script. */
export function foldedWords(text: string): string[] {
  return text
    .toWellFormed()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .normalize("NFKC")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}
