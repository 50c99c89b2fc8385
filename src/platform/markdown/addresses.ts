import { accountAt, mentionLength } from './mentions.ts'
import { after, before, kindOf } from './characters.ts'

/** An address that stands in a text without marks around it. */
export interface Address {
  end: number
  href: string
}

/**
 * The domain name system has names of up to 253 signs; a name or a password may stand in front of them. Browsers take the
 * square of its length for a host of another script: a second for 20,000 characters.
 */
const longestHost = 512
const host = /^[a-z]+:[/\\]*([^/\\?#]*)/i

/** Only what a browser opens without running anything; undefined for the rest. */
export function safeAddress(href: string): string | undefined {
  if (!/^mailto:/i.test(href) && (host.exec(href)?.[1]?.length ?? 0) > longestHost) return undefined
  try {
    const address = new URL(href)
    return ['http:', 'https:', 'mailto:'].includes(address.protocol) ? address.href : undefined
  } catch {
    return undefined
  }
}

/**
 * Ends an address wherever it stands: what is no part of any address (spaces, quotes, invisible characters, halves of
 * pairs), and the punctuation of other scripts, as 。 in `https://example.com/path。次へ`. Not the signs that stand inside
 * of names, which addresses of encyclopedias have in them: ’ ‘ – ・ ·
 */
const ends =
  /[\s\p{Z}\p{Cc}\p{Cs}"<>\\`]|(?![\u200c\u200d])\p{Cf}|(?![\ufe0f\u200c\u200d])\p{DI}|(?![\p{ASCII}\u00b7\u2010\u2011\u2013\u2018\u2019\u30a0\u30fb\uff65])\p{P}|[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff64]/u
/** Belongs to the sentence when an address ends with it. */
const trailing = /[?!.,:;*_~'|]|(?!\p{ASCII})\p{P}/u
const brackets: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
])

const scheme = /https?:\/\//iy
const www = /www\./iy

/**
 * The address that begins at `at` with a scheme or `www.`. Without `href` it looks like one up to `end` and is none: whoever
 * looks for another in there would look at the same signs again and again.
 */
export function webAddressAt(text: string, at: number): { end: number; href: string | undefined } | undefined {
  if (/[0-9A-Za-z]/.test(before(text, at))) return undefined
  scheme.lastIndex = www.lastIndex = at
  const hasScheme = scheme.test(text)
  if (!hasScheme && (!www.test(text) || /[-./@]/.test(before(text, at)))) return undefined
  const hostFrom = hasScheme ? scheme.lastIndex : at
  if (!/\P{ASCII}|[0-9A-Za-z[]/u.test(after(text, hostFrom)) || (!hasScheme && text[hostFrom + 4] === '.'))
    return undefined
  const end = endOfAddress(text, hostFrom)
  if (end <= hostFrom + (hasScheme ? 0 : 4)) return undefined
  const typed = text.slice(at, end)
  const href = safeAddress(hasScheme ? typed : `http://${typed}`)
  return { end, href }
}

function endOfAddress(text: string, hostFrom: number): number {
  let end = hostFrom
  while (end < text.length) {
    // Nobody is meant inside an address.
    if (text[end] === '<' && accountAt(text, end)) {
      end += mentionLength
      continue
    }
    const character = after(text, end)
    if (ends.test(character)) break
    end += character.length
  }
  return withoutTrailing(text, hostFrom, Math.min(end, endOfHost(text, hostFrom, end)))
}

/**
 * No name in the domain name system goes on in another script: in `https://example.comを見て` the sentence goes on. The same
 * behind a port. Returns `end` where neither is so.
 */
function endOfHost(text: string, from: number, end: number): number {
  let host = from
  while (host < end && !'/?#'.includes(text[host]!)) host++
  const found = /\.[a-z]{2,24}(?=\P{ASCII})|:\d{1,5}(?=\P{ASCII})/iu.exec(text.slice(from, host))
  if (!found) return end
  const cut = from + found.index + found[0].length
  return kindOf(after(text, cut)) === 'spaceless' ? cut : end
}

/** Without what ends the sentence, and without brackets that were opened in front of the address. */
function withoutTrailing(text: string, from: number, to: number): number {
  const open = new Map<string, number>()
  for (let at = from; at < to; at++) {
    const sign = text[at]!
    if ('([{)]}'.includes(sign)) open.set(sign, (open.get(sign) ?? 0) + 1)
  }
  let end = to
  while (end > from) {
    const last = before(text, end)
    const opening = brackets.get(last)
    if (opening) {
      const closed = open.get(last)!
      if (closed <= (open.get(opening) ?? 0)) break
      open.set(last, closed - 1)
    } else if (!trailing.test(last)) break
    end -= last.length
  }
  return end
}

const longestLocal = 64
const longestDomain = 255

/** The address of mail whose `@` stands at `at`; its local part begins nowhere before `from`. */
export function mailAddressAt(text: string, at: number, from: number): (Address & { start: number }) | undefined {
  let start = at
  while (start > from && at - start < longestLocal && /[0-9A-Za-z._+-]/.test(text[start - 1]!)) start--
  while (start < at && !/[0-9A-Za-z]/.test(text[start]!)) start++
  if (start === at || kindOf(before(text, start)) === 'letter') return undefined
  let end = at + 1
  while (end < text.length && end - at < longestDomain) {
    const character = after(text, end)
    const kind = kindOf(character)
    if (character !== '.' && character !== '-' && kind !== 'letter' && kind !== 'digit' && kind !== 'spaceless') break
    end += character.length
  }
  const cut = /\.[a-z]{2,24}(?=\P{ASCII})/iu.exec(text.slice(at + 1, end))
  if (cut && kindOf(after(text, at + 1 + cut.index + cut[0].length)) === 'spaceless')
    end = at + 1 + cut.index + cut[0].length
  while (end > at && '.-_'.includes(text[end - 1]!)) end--
  const domain = text.slice(at + 1, end)
  // `git@example.com:team/repository` is the address of a repository, for ssh.
  if (
    !/^[^._-][^_]*\.[^.\d_-][^.]+$/.test(domain) ||
    domain.includes('..') ||
    /^:[\w~/]/.test(text.slice(end, end + 2))
  )
    return undefined
  const href = safeAddress(`mailto:${text.slice(start, end)}`)
  return href === undefined ? undefined : { start, end, href }
}
