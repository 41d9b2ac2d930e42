// Handlers about people, their times and who is brought together: each is one call of a module.
import type { MatchingService } from "../../modules/matching/index.ts";
import type { PeopleService } from "../../modules/people/index.ts";
import type { CalendarService, SchedulingService } from "../../modules/scheduling/index.ts";
import type { Handlers } from "./endpoint-router.ts";

type PeopleHandlers = Pick<
  Handlers,
  | "ownProfile"
  | "updateProfile"
  | "searchPeople"
  | "getPerson"
  | "listConnections"
  | "changeConnection"
  | "suggestTimes"
  | "bookTime"
  | "enterMatching"
  | "ownMatching"
  | "leaveMatching"
  | "acceptMatch"
  | "declineMatch"
  | "calendarSettings"
  | "changeCalendar"
  | "calendar"
  | "makeFeed"
  | "revokeFeed"
  | "setBusyFrom"
  | "removeBusyFrom"
  | "calendarFeed"
>;

export function createPeopleHandlers({
  people,
  scheduling,
  matching,
  calendar,
}: {
  people: PeopleService;
  scheduling: SchedulingService;
  matching: MatchingService;
  calendar: CalendarService;
}): PeopleHandlers {
  return {
    ownProfile: (actor) => people.ownProfile(actor),
    updateProfile: (actor, { body }) => people.updateProfile(actor, body),
    searchPeople: (actor, { query }) => people.search(actor, query),
    getPerson: (actor, { params }) => people.person(actor, params.userId),
    suggestTimes: (actor, { params, query }) => scheduling.suggest(actor, params.userId, query),
    bookTime: (actor, { params, body }) => scheduling.book(actor, params.userId, body),
    enterMatching: (actor, { body }) => matching.enter(actor, body),
    ownMatching: (actor) => matching.mine(actor),
    leaveMatching: (actor) => matching.leave(actor),
    acceptMatch: (actor, { params }) => matching.accept(actor, params.proposalId),
    declineMatch: (actor, { params }) => matching.decline(actor, params.proposalId),
    calendarSettings: (actor) => calendar.settings(actor),
    changeCalendar: (actor, { body }) => calendar.change(actor, body),
    calendar: (actor, { query }) => calendar.view(actor, query),
    makeFeed: (actor) => calendar.makeFeed(actor),
    revokeFeed: (actor) => calendar.revokeFeed(actor),
    setBusyFrom: (actor, { body }) => calendar.setBusyFrom(actor, body.address),
    removeBusyFrom: (actor) => calendar.removeBusyFrom(actor),
    calendarFeed: ({ params }) => calendar.feed(params.file.slice(0, -".ics".length)),
    listConnections: (actor) => people.connections(actor),
    changeConnection: (actor, { params, body }) => people.changeConnection(actor, params.userId, body.action),
  };
}
