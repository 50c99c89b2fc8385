import { safeAddress } from './addresses.ts'

/** Brackets inside an address are counted up to here. */
const mostBrackets = 32

/** The address in brackets that follows the text of a link: `(https://…)`, `(<https://…>)`, with a title or without. */
export function linkBehind(
  text: string,
  open: number,
  lastClose: number,
): { end: number; href: string; typed: string } | undefined {
  if (lastClose <= open) return undefined
  let at = skipSpace(text, open + 1)
  let typed: string
  if (text[at] === '<') {
    const from = at + 1
    for (at = from; at < text.length && !'<>\n'.includes(text[at]!);) at++
    if (text[at] !== '>') return undefined
    typed = text.slice(from, at)
    at++
  } else {
    const from = at
    let depth = 0
    for (; at < text.length; at++) {
      const sign = text[at]!
      if (sign <= ' ' || (sign === ')' && depth === 0)) break
      if (sign === '(' && ++depth > mostBrackets) return undefined
      if (sign === ')') depth--
    }
    typed = text.slice(from, at)
  }
  at = skipTitle(text, skipSpace(text, at))
  if (text[at] !== ')') return undefined
  const href = safeAddress(typed)
  return href === undefined ? undefined : { end: at + 1, href, typed }
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t') at++
  return at
}

function skipTitle(text: string, at: number): number {
  const quote = text[at]
  if ((quote !== '"' && quote !== "'") || !/\s/.test(text[at - 1]!)) return at
  const end = text.indexOf(quote, at + 1)
  return end === -1 ? at : skipSpace(text, end + 1)
}

/** `<https://…>` or `<ada@example.com>`. */
export function angleAddressAt(text: string, at: number): { end: number; href: string } | undefined {
  if (!/[a-z0-9]/i.test(text[at + 1] ?? '')) return undefined
  let end = at + 1
  while (end < text.length && text[end]! > ' ' && text[end] !== '<' && text[end] !== '>') end++
  if (text[end] !== '>') return undefined
  const inner = text.slice(at + 1, end)
  const mail = /^[\w.+-]+@[^@:/]+\.[^@:/.]+$/.test(inner)
  const href = /^(https?:\/\/|mailto:.)/i.test(inner)
    ? safeAddress(inner)
    : mail
      ? safeAddress(`mailto:${inner}`)
      : undefined
  return href === undefined ? undefined : { end: end + 1, href }
}
