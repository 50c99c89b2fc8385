/**
 * Characters with nothing to see: what Unicode lets a font ignore (fillers, joiners, variation selectors), formats, and
 * those that are letters, marks or symbols to Unicode and blank in every font: the empty cell of Braille, the place of an
 * embedded object, a note without its head, blanks and fillers of hieroglyphs, Khitan and Tifinagh. For a class of a
 * regular expression with the `u` flag.
 *
 * In a file of its own because each composer asks for it; the rule for names is loaded with the forms that need it.
 */
export const unseen =
  '\\p{Default_Ignorable_Code_Point}\\p{Cf}\\u2800\\ufffc\\u{1d159}\\u{13441}\\u{13442}\\u{16fe4}\\u2d7f\\u{1107f}'
const seen = new RegExp(`[^\\s\\p{Cc}${unseen}]`, 'u')

/** Whether there is anything to see in a text. */
export const hasVisible = (text: string): boolean => seen.test(text)
