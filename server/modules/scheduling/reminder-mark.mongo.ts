// Until when reminders were sent: one document.
import mongoose from "mongoose";
import type { ReminderMark } from "./reminders.ts";

interface MarkDocument {
  _id: "reminders";
  sentUntil: Date;
}

const markSchema = new mongoose.Schema<MarkDocument>(
  { _id: { type: String, required: true }, sentUntil: { type: Date, required: true } },
  { collection: "reminderMarks", strict: "throw", autoIndex: false, autoCreate: false, versionKey: false },
);

export function createReminderMark(connection: mongoose.Connection): ReminderMark {
  const marks = connection.model<MarkDocument>("ReminderMark", markSchema);
  return {
    async get() {
      return (await marks.findById("reminders").lean())?.sentUntil ?? null;
    },
    async advance(to) {
      await marks.updateOne({ _id: "reminders" }, { $max: { sentUntil: to } }, { upsert: true });
    },
  };
}
