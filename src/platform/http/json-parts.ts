/** What was found in the bytes of a JSON text without decoding or parsing them. */
export interface Parts {
  /** Opening brackets and commas outside of texts: a value each, nearly. */
  readonly parts: number
  readonly levels: number
  /** How many of its bytes were looked at, so that a test can count the work instead of timing it. */
  readonly looked: number
}

const quote = 0x22
const comma = 0x2c
const openArray = 0x5b
const backslash = 0x5c
const closeArray = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/**
 * Counts the parts of a JSON text, given in UTF-8, up to a limit of each kind, and ends as soon as one is passed. To parse a text of
 * 250 kB takes 0.2 ms when it is one message, and 30 ms when it is a hundred thousand values; this takes 0.1 ms for
 * either. In bytes, since the text of what is refused would be 250 kB for the garbage collector each time. Says nothing about whether the text is valid.
 */
export function countParts(json: Uint8Array, mostParts: number, mostLevels: number): Parts {
  let parts = 0
  let level = 0
  let levels = 0
  let at = 0
  for (; at < json.length && parts <= mostParts && levels <= mostLevels; at += 1) {
    const sign = json[at]!
    if (sign === quote) at = endOfText(json, at)
    else if (sign === comma) parts += 1
    else if (sign === openArray || sign === openObject) {
      parts += 1
      level += 1
      if (level > levels) levels = level
    } else if (sign === closeArray || sign === closeObject) level -= 1
  }
  return { parts, levels, looked: Math.min(at, json.length) }
}

/** Where the text that begins at this quote ends; the end of all where it does not. */
function endOfText(json: Uint8Array, start: number): number {
  let at = start + 1
  for (; at < json.length; at += 1) {
    const sign = json[at]!
    if (sign === quote) return at
    if (sign === backslash) at += 1
  }
  return at
}
