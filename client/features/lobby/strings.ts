// Words of the meeting's page before its call.
export const lobbyStrings = {
  loading: "Opening the meeting…",
  title: "Meeting",
  notFound: "This meeting does not exist, or you have no access to it.",
  toHome: "To the home page",
  anytime: "No time agreed",
  edit: "Change or invite",
  calendar: "Calendar file",

  preview: "You",
  micMute: "Switch microphone off",
  micUnmute: "Switch microphone on",
  cameraStop: "Switch camera off",
  cameraStart: "Switch camera on",

  agenda: "Agenda",
  noDescription: "Nothing was written about this call.",

  people: "People",
  roles: { host: "Host", participant: "Participant", observer: "Observer" },
  here: "In the call",
  left: "Was here",
  invited: "Not here yet",
  you: (name: string) => `${name} (you)`,

  entry: "Join",
  waitingForHost: "Waiting for the host to start",
  heading: {
    ready: "The call is running",
    start: "Ready when you are",
    concluded: "This call is over",
    cancelled: "This call was cancelled",
  },
  waitingWhy: "You can stay on this page: you will be able to join as soon as the host starts.",
  readyHere: (count: number) =>
    count === 1 ? "1 person is in the call." : `${count} people are in the call.`,
  readyEmpty: "Nobody is in the call right now.",
  startWhy: "The others can join from the moment you start the call.",
  start: "Start the call",
  startFailed: "The call could not be started:",
  join: "Join the call",
  observe: "You observe this call: you see and hear the others, and write nothing.",
  observeWaiting: (count: number) =>
    count === 1
      ? "You can watch once everybody who takes part has agreed to that. 1 person has not yet."
      : `You can watch once everybody who takes part has agreed to that. ${count} people have not yet.`,
  notWritten: "words not written down",
  concludedWhy: "Its outcome, actions and transcript are in the recap.",
  recap: "Open the recap",
  cancelledWhy: "It will not take place.",

  consent: "What may be done with what you say",
  observersWait: (count: number) =>
    count === 1
      ? "Somebody is invited to observe. They see nothing of the call until everybody who takes part has answered the question on that with yes."
      : `${count} people are invited to observe. They see nothing of the call until everybody who takes part has answered the question on that with yes.`,
  noRecording: "Sound and picture are not recorded.",

  machines: {
    title: "Machines that read along",
    loading: "Loading which machine reads…",
    counts: {
      model: (name: string) =>
        `${name} reads the words of those who have said yes to that: for recaps, ideas before a call and prompts in it.`,
      rules: () => "Rules on this server pick out what was said. No model is given anything.",
      off: () =>
        "No machine reads what is said in this meeting: there are no prompts, and the recap stays empty.",
    },
    organization: "The organisation has set this for all of its meetings; a meeting can only be stricter.",
    label: "For this meeting",
    options: {
      model: "What is configured, where people agree",
      rules: "Rules on this server alone",
      off: "No machine at all",
    },
  },
} as const;
