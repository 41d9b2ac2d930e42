// Seeds of the fuzz of filing notes that once failed; they hold for the history as it is drawn now.
export const pinnedSeeds: readonly number[] = [];
