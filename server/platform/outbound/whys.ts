// Why a vendor did not do what it was asked, as a part of a sentence for the page.
const whys: Readonly<Record<string, string>> = {
  budget: "today's budget for it is used up",
  "circuit-open": "it has failed several times in a row",
  timeout: "it took too long",
  network: "it could not be reached",
  cut: "its answer was cut off",
  unreadable: "its answer could not be read",
  "http-429": "it had too much to do",
};

/** Of a short name such as `timeout` in an error's details. */
export function whyNot(reason: string): string {
  return whys[reason] ?? "it answered with an error";
}
