// Pure facts that the server and the UI share.

export const longestName = 80

/** Letters and digits of any script, joined by single dashes or underscores. For the `u` flag. */
export const channelNamePattern = '^[\\p{L}\\p{M}\\p{N}]+(?:[-_][\\p{L}\\p{M}\\p{N}]+)*$'
