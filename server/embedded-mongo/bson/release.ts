// Giving memory back at once, where waiting for the garbage collector would let tens of megabytes of dead bytes pile up.

/** Well above the pool that Node cuts small buffers from: larger ones have memory of their own. */
const surelyOwnBytes = 256 * 1024;

/** Frees the memory of a large buffer. Nobody may use it, or a view of it, afterwards. Small ones are left alone. */
export function release(buffer: Uint8Array): void {
  const memory = buffer.buffer;
  if (memory.byteLength >= surelyOwnBytes && memory instanceof ArrayBuffer) memory.transfer(0);
}
