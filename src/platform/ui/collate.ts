const collator = new Intl.Collator(undefined, { numeric: true })

/** Names in the order of the reader's language, 2 before 10. One collator for all: making one costs more than a long sort. */
export const compareNames = (one: string, other: string): number => collator.compare(one, other)
