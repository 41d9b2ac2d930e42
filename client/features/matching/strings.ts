// Words of the live matching queue.
import type { MatchingRole } from "../../../shared/schemas/matching.ts";

const roles: Record<MatchingRole, string> = { peer: "Peer", coach: "Coach", coachee: "Coachee" };

export const matchingStrings = {
  loading: "Loading…",
  title: "Match",
  under: "Meet somebody who is here now, chosen for what you can talk about.",
  rounds: "Planned rounds",
  role: (role: MatchingRole) => roles[role],
  enter: {
    title: "Who would you like to meet?",
    expired: "Your time in the queue is over",
    expiredText: "Nobody was matched with you before your time ran out. You can wait again.",
    from: "Free from",
    fromNow: "Now",
    fromLater: (hours: number) => (hours === 1 ? "In 1 hour" : `In ${hours} hours`),
    length: "For",
    hours: (hours: number) => (hours === 1 ? "1 hour" : `${hours} hours`),
    as: "You come as",
    whom: "You would like to meet",
    anyRole: "Leave all open to meet anybody.",
    topics: "Topics",
    topicsHint: "Only people with at least one of these. Separate them by commas.",
    where: "From where",
    own: "People of my organisation",
    any: "People of other organisations, too",
    anyHint: "They then see your name and your topics, as you see theirs.",
    profile: "What you say in your profile makes matches better.",
    profileLink: "Edit your profile",
    submit: "Look for somebody",
    noRole: "Choose at least one.",
  },
  elsewhere: {
    title: "You wait in another organisation",
    text: "Switch to it to see who is proposed to you, or stop waiting there.",
  },
  waiting: {
    title: "Looking for somebody",
    until: (time: string) => `You wait until ${time}.`,
    fitting: (count: number) => (count === 1 ? "1 person here fits." : `${count} people here fit.`),
    estimate: (seconds: number) =>
      seconds < 60
        ? "It is likely to take less than a minute."
        : `It is likely to take about ${Math.round(seconds / 60)} min.`,
    noEstimate: "How long it may take cannot be said yet.",
    stays: "You need not stay on this page: you keep your place.",
    leave: "Stop waiting",
    left: "You do not wait any more.",
    proposals: "Proposed to you",
    nobody: "Nobody fits yet",
    nobodyText: "Whoever fits appears here as soon as they come.",
    soon: "Nobody is proposed yet",
    soonText: "Somebody who fits is here. You see them as soon as it is their turn, or yours.",
    widen: "What would bring more people",
    again: "Change what I ask for",
  },
  proposal: {
    starts: (time: string) => `You would meet at ${time}.`,
    startsNow: "You would meet now.",
    why: "Why you two",
    left: (time: string) => `${time} left to answer`,
    leftSaid: (minutes: number) =>
      minutes <= 1 ? "Less than a minute left to answer" : `About ${minutes} minutes left to answer`,
    accept: "Meet",
    acceptLabel: (name: string) => `Meet ${name}`,
    decline: "Not this time",
    declineLabel: (name: string) => `Not this time: ${name}`,
    declined: (name: string) => `${name} is not proposed to you again while you wait.`,
    accepted: "You said yes",
    acceptedText: (name: string) => `Waiting for ${name} to answer.`,
    theyAccepted: (name: string) => `${name} would like to meet you`,
    topics: "Topics",
  },
  matched: {
    title: (name: string) => `You are matched with ${name}`,
    now: "You can go to the lobby now; the call begins when one of you starts it.",
    at: (time: string) => `You meet at ${time}.`,
    making: "Your call is being made…",
    lobby: "Go to the lobby",
    another: "Look for somebody else",
  },
} as const;
