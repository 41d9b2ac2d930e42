// Seeds of the fuzz of filing notes that once failed; they hold for the history as it is drawn now.

/** A process that was taken over from filed on, with a page that began within its heir's. */
export const pinnedSeeds: readonly number[] = [35, 41, 111];
