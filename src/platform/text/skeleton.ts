import { confusables } from './confusables.ts'

// Names that read alike, by Unicode's own method (UTS 39, section 4): what two names look like is compared, not what they
// are. Only the server asks: the table is no part of what a browser loads.

const lookalikes = new Map<string, string>()
for (const line of confusables.trim().split('\n')) {
  const [prototype, signs] = line.split(' ')
  for (const sign of signs!) lookalikes.set(sign, prototype!)
}

const unseen = /\p{Default_Ignorable_Code_Point}/gu
/** The dot of an i stands there with a mark of its own and without. */
const dotted = /(?<=\p{Soft_Dotted})\u0307/gu

/** The prototype of each character, in two steps: as it is, and as what it is compatible with (NFKC's meaning). */
export function skeleton(text: string): string {
  const once = prototypes(text.normalize('NFD'))
  return prototypes(once.normalize('NFKD'))
}

function prototypes(text: string): string {
  let result = ''
  for (const sign of text.replace(unseen, '').replace(dotted, '')) result += lookalikes.get(sign) ?? sign
  return result.normalize('NFD')
}

/** The same for two names that differ by case or look alike, in this case or in the other. */
export const readsAs = (name: string): string => skeleton(skeleton(name.toLowerCase()).toLowerCase())

const nothingToRead = /[^\p{L}\p{M}\p{N}]/gu

/**
 * The same for two names that somebody could take for one person: capital I and small l too, whichever case was meant, and
 * whatever stands between the letters. Coarser than `readsAs`, so it is for names that must not be taken at all.
 */
export function looksAs(name: string): string {
  const letters = skeleton(skeleton(name).toLowerCase()).replaceAll('i', 'l')
  return letters.replace(nothingToRead, '') || letters
}
