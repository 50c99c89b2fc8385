/** Hebrew, Arabic and the other scripts that run from right to left. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
const isolates = /[\u2066-\u2069]/g

/**
 * What people wrote (a name, a topic, a message) in a sentence of ours: it keeps its own direction, and the words around it
 * keep their order. In elements that is `<bdi>`; this is for labels, tooltips and titles, which are strings. Text that runs
 * from left to right, as the sentence does, stays as it is.
 */
export const isolated = (text: string): string =>
  rightToLeft.test(text) ? `\u2068${isBalanced(text) ? text : text.replace(isolates, '')}\u2069` : text

/** Whether each isolation in it ends, and none ends that began outside. */
function isBalanced(text: string): boolean {
  let depth = 0
  for (const [sign] of text.matchAll(isolates)) {
    depth += sign === '\u2069' ? -1 : 1
    if (depth < 0) return false
  }
  return depth === 0
}
