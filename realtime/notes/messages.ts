// Whole WebSocket messages as they go over the wire: encoded once for everybody who gets them, and written in one piece.
import { notesMessage } from "../../shared/protocol/notes-sync.ts";
import { keepAliveFrame } from "./frames.ts";

/** An update that is to be kept and passed on: one copy of its bytes serves both. */
export interface UpdateMessage {
  message: Buffer;
  /** The end of the message. */
  update: Uint8Array;
}

/** First byte of a message that is binary, whole and not compressed. */
const wholeBinary = 0x82;
/** Second varint of a sync frame that bears an update. */
const stepUpdate = 2;

/** What stands before a frame. Servers do not mask. */
export function headerOf(frameBytes: number): Buffer {
  const header = Buffer.allocUnsafe(headerBytes(frameBytes));
  writeHeader(header, frameBytes);
  return header;
}

export function messageOf(frame: Uint8Array): Buffer {
  return Buffer.concat([headerOf(frame.byteLength), frame]);
}

/** As `messageOf(updateFrame(update))`. */
export function updateMessage(update: Uint8Array): UpdateMessage {
  const bytes = update.byteLength;
  const frameBytes = varUintBytes(notesMessage.sync) + varUintBytes(stepUpdate) + varUintBytes(bytes) + bytes;
  const message = Buffer.allocUnsafe(headerBytes(frameBytes) + frameBytes);
  let at = writeHeader(message, frameBytes);
  at = writeVarUint(message, notesMessage.sync, at);
  at = writeVarUint(message, stepUpdate, at);
  at = writeVarUint(message, bytes, at);
  message.set(update, at);
  return { message, update: message.subarray(at) };
}

/** As `messageOf(durableFrame(frames))`. */
export function durableMessage(frames: number): Buffer {
  const frameBytes = varUintBytes(notesMessage.durable) + varUintBytes(frames);
  const message = Buffer.allocUnsafe(headerBytes(frameBytes) + frameBytes);
  const at = writeVarUint(message, notesMessage.durable, writeHeader(message, frameBytes));
  writeVarUint(message, frames, at);
  return message;
}

export const keepAliveMessage: Buffer = messageOf(keepAliveFrame);

function headerBytes(frameBytes: number): number {
  if (frameBytes < 126) return 2;
  return frameBytes < 0x1_0000 ? 4 : 10;
}

function writeHeader(target: Buffer, frameBytes: number): number {
  const bytes = headerBytes(frameBytes);
  target[0] = wholeBinary;
  if (bytes === 2) target[1] = frameBytes;
  else if (bytes === 4) {
    target[1] = 126;
    target.writeUInt16BE(frameBytes, 2);
  } else {
    target[1] = 127;
    target.writeBigUInt64BE(BigInt(frameBytes), 2);
  }
  return bytes;
}

function varUintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes += 1;
  return bytes;
}

/** Answers the place behind it. */
function writeVarUint(target: Buffer, value: number, start: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) target[at++] = (rest % 0x80) + 0x80;
  target[at] = rest;
  return at + 1;
}
