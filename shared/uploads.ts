// Which files people may send, and for what: one table that the server refuses by and the pages say beforehand.

/** Every type that is accepted anywhere, with the endings its names may have; the first is given where none fits. */
export const fileTypes = {
  "image/jpeg": ["jpg", "jpeg", "jfif"],
  "image/png": ["png"],
  "image/webp": ["webp"],
  "application/pdf": ["pdf"],
  "text/plain": ["txt", "log", "text"],
  "text/markdown": ["md", "markdown"],
  "text/csv": ["csv"],
  "text/html": ["html", "htm"],
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ["docx"],
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ["xlsx"],
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": ["pptx"],
  "audio/webm": ["webm"],
  "audio/ogg": ["ogg", "oga"],
  "audio/mp4": ["m4a", "mp4"],
} as const satisfies Record<string, readonly string[]>;
export type FileType = keyof typeof fileTypes;

export const pictureTypes = ["image/jpeg", "image/png", "image/webp"] as const satisfies readonly FileType[];

/** What browsers record a microphone as. */
export const soundTypes = ["audio/webm", "audio/ogg", "audio/mp4"] as const satisfies readonly FileType[];

export interface UploadRule {
  maxBytes: number;
  types: readonly FileType[];
  /** Of pictures. */
  maxSidePixels: number;
  maxPixels: number;
  /** In words, for people whose file is of another type. */
  accepts: string;
}

export const uploadRules = {
  photo: {
    maxBytes: 1024 * 1024,
    types: pictureTypes,
    maxSidePixels: 1_024,
    maxPixels: 1_024 * 1_024,
    accepts: "a picture: JPEG, PNG or WebP",
  },
  attachment: {
    maxBytes: 10 * 1024 * 1024,
    // Browsers run what pages hold, and nobody listens to what is read out here.
    types: (Object.keys(fileTypes) as FileType[]).filter(
      (type) => type !== "text/html" && !type.startsWith("audio/"),
    ),
    maxSidePixels: 16_000,
    // What phones take fits; a picture of twice as many pixels would need 400 MB in the browser that shows it.
    maxPixels: 50_000_000,
    accepts: "a picture (JPEG, PNG, WebP), a PDF, a text or a Word, Excel or PowerPoint document",
  },
  posting: {
    maxBytes: 5 * 1024 * 1024,
    types: [
      "text/plain",
      "text/html",
      "application/pdf",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ],
    maxSidePixels: 0,
    maxPixels: 0,
    accepts: "a PDF, a Word document (.docx), a text or a saved web page",
  },
  /** A piece of one's own microphone, handed on to a speech service and not kept. Fifteen seconds take a tenth of it. */
  speech: {
    maxBytes: 512 * 1024,
    types: soundTypes,
    maxSidePixels: 0,
    maxPixels: 0,
    accepts: "sound as browsers record it: WebM, Ogg or MP4",
  },
  /** Read by a program here: their size is what it may take. JSON is sent as what it says, not as a file. */
  resume: {
    maxBytes: 5 * 1024 * 1024,
    types: ["application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
    maxSidePixels: 0,
    maxPixels: 0,
    accepts: "a PDF or a Word document (.docx)",
  },
} as const satisfies Record<string, UploadRule>;
export type UploadPurpose = keyof typeof uploadRules;

export function isPictureType(type: string): boolean {
  return (pictureTypes as readonly string[]).includes(type);
}

/** By the ending of a file's name, for browsers that do not know a type of their own; null where none is known. */
export function typeByName(name: string): FileType | null {
  const ending = endingOf(name);
  const found = Object.entries(fileTypes).find(([, endings]) =>
    (endings as readonly string[]).includes(ending),
  );
  return found === undefined ? null : (found[0] as FileType);
}

/** What stands behind the last dot, in lower case; empty where there is no dot. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
}
