// What the test of rounds and its workers say to each other.
export const peopleCount = 10;

/** `moments`: asks how many there were since it was told to publish. */
export type Told = { roundId: string; killAt?: number } | "moments";
export type Said = "ready" | { answered: string } | { moments: number };
