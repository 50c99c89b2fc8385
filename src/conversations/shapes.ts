// What a channel's name is made of, apart from the rule (rules.ts), which is loaded with the forms that need it.

export const longestName = 80

/**
 * Letters and digits of any script, joined by single dashes or underscores; marks and joiners belong to the letter before
 * them. For the `u` flag. What Unicode lets fonts leave invisible is refused by `channelNameFault`.
 */
const word = '[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}\\u200C\\u200D]*'
export const channelNamePattern = `^${word}(?:[-_]${word})*$`
