// What is open to everybody who is signed in, about people: to whom somebody is shown, and to whom they are not there.
import type { endpoints } from "../../../shared/contract/endpoints.ts";
import { ownPairingEndpoints } from "./pairing-table.ts";
import type { OpenRow } from "./table.ts";

// Of a participant: seen by whoever meets them or belongs to their organisation.
const hiddenFrom = ["elsewhere", "otherAdmin"] as const;
const nobodys = `${"e".repeat(24)}-${"f".repeat(24)}`;
/** Nobody meets themselves. */
const allButOthers = [...hiddenFrom, "participant"] as const;

export const peopleEndpoints = {
  ...ownPairingEndpoints,
  ownProfile: { path: "/api/v1/me/profile" },
  updateProfile: { path: "/api/v1/me/profile", body: { bio: "Matrix", interests: ["Leadership"] } },
  // Of one's own organisation: in each of both nobody of the other is found.
  searchPeople: { path: "/api/v1/people?q=matrix" },
  getPerson: { path: ({ userId }) => `/api/v1/people/${userId}`, hiddenFrom },
  listConnections: { path: "/api/v1/me/connections" },
  suggestTimes: { path: ({ userId }) => `/api/v1/people/${userId}/times`, hiddenFrom: allButOthers },
  bookTime: {
    path: ({ userId }) => `/api/v1/people/${userId}/calls`,
    // Nobody may book what is over.
    body: { title: "Matrix", startsAt: "2020-01-01T10:00:00Z", durationMinutes: 60 },
    hiddenFrom: allButOthers,
    answer: 409,
  },
  planSeries: {
    path: "/api/v1/series",
    body: {
      title: "The stranger's own series",
      scheduledAt: "2030-01-07T10:00:00Z",
      durationMinutes: 30,
      timeZone: "UTC",
      every: "weekly",
      count: 2,
    },
  },
  // Nobody waits for what is over; what was proposed to nobody is not there.
  enterMatching: {
    path: "/api/v1/matching/queue",
    body: { availableTo: "2020-01-01T10:00:00Z" },
    answer: 400,
  },
  ownMatching: { path: "/api/v1/matching/queue/mine" },
  leaveMatching: { path: "/api/v1/matching/queue/mine" },
  acceptMatch: { path: `/api/v1/matching/queue/proposals/${nobodys}/accept`, answer: 404 },
  declineMatch: { path: `/api/v1/matching/queue/proposals/${nobodys}/decline`, answer: 404 },
  calendarSettings: { path: "/api/v1/me/calendar/settings" },
  changeCalendar: { path: "/api/v1/me/calendar/settings", body: { reminders: [10] } },
  // Of one's own calls alone; nothing of them lies in that time.
  calendar: { path: "/api/v1/me/calendar?from=2020-01-01T00:00:00Z&to=2020-01-08T00:00:00Z" },
  makeFeed: { path: "/api/v1/me/calendar/feed" },
  revokeFeed: { path: "/api/v1/me/calendar/feed" },
  // Nothing that is asked for from here.
  setBusyFrom: { path: "/api/v1/me/calendar/busy-from", body: { address: "not an address" }, answer: 400 },
  removeBusyFrom: { path: "/api/v1/me/calendar/busy-from" },
  calendarFeed: { path: `/api/v1/calendar-feeds/${"A".repeat(43)}.ics`, public: true, answer: 404 },
  changeConnection: {
    path: ({ userId }) => `/api/v1/people/${userId}/connection`,
    body: { action: "withdraw" },
    hiddenFrom,
  },
} satisfies Partial<Record<keyof typeof endpoints, OpenRow>>;
