// Words of the call.

/** Up to three by name. */
const people = (names: readonly string[]) =>
  names.length > 3
    ? `${names.length} people`
    : new Intl.ListFormat("en", { type: "conjunction" }).format(names);

export const callStrings = {
  joining: "Joining the call…",
  toHome: "To the home page",
  refused: "You cannot join this call",
  revoked: "You are no longer in this meeting",
  revokedWhy: "Your access to this meeting has ended.",
  cancelled: "This meeting was cancelled",
  ended: "The call has ended. Its recap is being prepared.",
  reconnecting: "Connection lost. Trying again… What you write is kept and sent when it is back.",
  stream: {
    missing:
      "These pages were built without the video service's package. Whoever runs this server can install it. Notes, transcript and chat work.",
    failed: "The video service cannot be reached. Trying again… Notes, transcript and chat work.",
    ended: "The video service has ended your sound and picture. Notes, transcript and chat work.",
  },
  accessFailed: "Sound and picture could not be set up:",
  callFull: "Nobody sees or hears you yet:",

  // Top
  transcribing: "Transcribing",
  transcribingTitle: (names: string) => `Words are being written down for: ${names}`,
  left: (clock: string) => `${clock} left`,
  over: (clock: string) => `${clock} over`,
  elapsed: (clock: string) => `${clock} so far`,
  agendaTitle: "Time left of what was agreed",
  observing: "You are observing: others see that you are here, and you write nothing.",

  // People
  people: "People in the call",
  youNamed: (name: string) => `${name} (you)`,
  alone: "You are the first one here",
  aloneWhy: "The others appear as soon as they join.",
  gone: (names: readonly string[]) => `${people(names)} ${names.length === 1 ? "has" : "have"} left`,
  goneWhy: "Who comes back appears here.",
  silent: (names: readonly string[]) => `${people(names)} ${names.length === 1 ? "is" : "are"} in the call`,
  silentWhy: "Without sound and picture so far.",
  microphoneOff: "Microphone off",
  handRaised: "Hand raised",
  speaking: "Speaking",
  presenting: "Sharing the screen",
  screenOf: (name: string) => `Screen shared by ${name}`,
  yourScreen: "You are sharing your screen",
  video: (name: string) => `Picture of ${name}`,
  link: {
    connecting: "Connecting…",
    connected: "",
    interrupted: "Connection interrupted, trying again…",
    failed: "No way to this person was found. A TURN server may be needed between your networks.",
  },
  soundBlocked: "Your browser holds back the sound.",
  soundAllow: "Turn sound on",

  // Toolbar
  toolbar: "Call controls",
  muteOn: "Mute",
  muteOff: "Unmute",
  cameraOn: "Stop camera",
  cameraOff: "Start camera",
  share: "Share screen",
  shareStop: "Stop sharing",
  handUp: "Raise hand",
  handDown: "Lower hand",
  panelShow: "Show panel",
  panelHide: "Hide panel",
  settings: "Devices",
  help: "Shortcuts",
  leave: "Leave",
  talking: "Talking while V is held",

  // Leaving
  leaveTitle: "Leave or end the call?",
  leaveWhy:
    "If you leave, the others can go on. If you end it, it ends for everybody and the recap is prepared.",
  leaveOnly: "Leave only",
  endForAll: "End for everybody",
  stay: "Stay",
  endFailed: "The call could not be ended:",

  // Panel
  panel: "Beside the call",
  tabNotes: "Notes",
  tabTranscript: "Transcript",
  tabPrompts: "Prompts",
  tabChat: "Chat",
  unread: (count: number) => `${count} unread`,
  newPrompt: "new",

  // Settings and help
  settingsTitle: "Devices",
  singleKeys: "Single-letter shortcuts",
  singleKeysHint: "Hold V to talk. They never act while you are writing.",
  helpTitle: "Keyboard shortcuts",
  helpAction: "What it does",
  helpKeys: "Keys",
  shortcuts: [
    ["Ctrl + D", "Microphone on or off"],
    ["Ctrl + E", "Camera on or off"],
    ["Hold V", "Talk while muted"],
    ["Ctrl + Shift + H", "Raise or lower your hand"],
    ["Ctrl + Shift + C", "Chat"],
    ["F2", "To the call controls"],
    ["Ctrl + /", "This list"],
  ],

  // Transcript
  transcript: "Transcript",
  consent: "Privacy",
  consentWhy: "Your answers count for this call, from this moment on.",
  captionsAnswer: {
    none: "You have not said whether your words may be written down.",
    refused: "Your words are not written down, as you decided.",
  },
  answer: "Answer",
  change: "Change",
  ownRefused: "As your words are not to be written down, you cannot add lines.",
  transcribeMine: "Transcribe my words",
  transcribeHint: {
    speech:
      "Your browser turns your own microphone into text. Some browsers use their maker's speech service for that.",
    typed: "Nothing listens here: type what should be on record.",
  },
  recognition: {
    unsupported: "This browser cannot recognise speech. Type lines instead.",
    denied: "Your browser does not allow speech recognition here. Type lines instead, or try again.",
    "no-service": "Your browser's speech service does not answer. Type lines instead, or try again.",
    unknown: "Recognising speech did not start. Type lines instead, or try again.",
  },
  recognitionRetry: "Try again",
  /** Of the server's speech service. */
  pieces: {
    hearing: "Hearing you…",
    writing: "Writing down what you said…",
    held: "The speech service does not answer just now. What you said last is kept here and sent again by itself.",
    lost: (count: number) =>
      count === 1
        ? "One stretch of what you said could not be written down."
        : `${count} stretches of what you said could not be written down.`,
    missing: {
      captions: "You have not said whether your words may be written down.",
      wording:
        "What is asked about writing down your words names the speech service now: answer it again, and it begins.",
      ai: "A speech service is a machine: it begins once you have said yes to the question about machines, too.",
    },
    problem: {
      captions: "It has stopped: your words are not to be written down.",
      wording: "It has stopped: what is asked about writing down your words names the speech service now.",
      ai: "It has stopped: you have not said yes to the question about machines.",
      "switched-off": "It has stopped: services outside this server are switched off for this meeting.",
      budget: "It has stopped: what your organisation may use of it today is used up. Type lines instead.",
      "no-service": "This server has no speech service any more. Type lines instead.",
      "not-allowed": "It has stopped: you cannot add to this call just now.",
      "no-recorder": "This browser cannot record sound for it. Type lines instead.",
    },
  },
  pausedMuted: "Paused while you are muted.",
  listening: "Listening…",
  interim: (words: string) => `Hearing: ${words}`,
  typeLine: "Type a line",
  typeLinePlaceholder: "Type a line for the transcript",
  addLine: "Add",
  noLines: "Nothing has been said on record yet",
  noLinesWhy: "Lines appear here when somebody lets their words be transcribed, or types one.",
  latest: "To the latest line",
  sendingLine: "Waiting to be stored…",
  heldLine: "The server cannot store it just now. It is kept here and sent again by itself.",
  lineRefused: (why: string) => `Not stored: ${why}`,
  retry: "Try again",
  discard: "Discard",
  tooManyLines: "Too many lines wait for the connection. Please wait until it is back.",
  loadingEarlier: "Fetching earlier lines…",
  somebody: "Somebody",

  // Prompts
  mirror: "Your mirror",
  mirrorChoice: "Show my share of the talk and my questions during the call",
  mirrorHint: "In a corner that only you see. It is remembered on this device.",
  mirrorTalk: (share: string) => `You ${share} of the talk`,
  mirrorNoTalk: "Nothing was heard yet",
  mirrorQuestions: (open: number, closed: number) => `${open} open, ${closed} closed questions`,
  mirrorNoQuestions: "No questions told yet (in English only)",
  mirrorElapsed: (time: string) => `${time} since the start`,
  mirrorFailed: "Not to be had just now",
  promptsPrivate: "Only hosts see prompts.",
  noPrompt: "No prompt right now",
  noPromptWhy: "When the talk stalls, a question appears here.",
  promptWhy: "Why:",
  promptBy: (name: string) => `Worded by ${name}.`,
  promptNew: (content: string) => `New prompt: ${content}`,
  prompt: "Prompt",
  feedback: { used: "Used", dismissed: "Not now", wrong: "Wrong", upvoted: "Helpful" },
  earlier: "Earlier",
  prepared: "Before the call",
  expired: "Not answered",
  promptsFailed: "Prompts could not be loaded.",

  // Chat
  chat: "Chat",
  chatPlaceholder: "Write to everybody",
  chatLabel: "Message",
  send: "Send",
  noMessages: "No messages yet",
  noMessagesWhy: "What you write here stays with the meeting.",
  sendingMessage: "Sending…",
  waitingMessage: "Waiting for the connection…",
  cancelReply: "Do not reply",
  attach: "Attach files",
  attachTooMany: (most: number) => `A message brings at most ${most} files: the others were left out.`,
  dropHere: "Drop files here to attach them",
  filesOfMessage: "Files to send",
  uploading: (share: number) => `Uploading… ${Math.round(share * 100)} %`,
  uploadOf: (name: string) => `Upload of ${name}`,
  uploadWaiting: "Waiting for the file before it…",
  uploadsUnderWay: "Sends when the files have arrived.",
  cancelUpload: (name: string) => `Cancel the upload of ${name}`,
  removeFile: (name: string) => `Remove ${name}`,
  retryUpload: (name: string) => `Upload ${name} again`,
  messageRefused: (why: string) => `Not sent: ${why}`,
  observersReadOnly: "Observers read along and write nothing.",
} as const;
