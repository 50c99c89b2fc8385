import { hasUnseen } from './readable.ts'

/*
 * E-mail addresses as the world has them, not as the oldest standard has: any script before the @ (RFC 6531), domains of
 * any script as they are read or as the network asks for them (例え.テスト, xn--r8jz45g.xn--zckzah), mailboxes with dots where
 * RFC 5321 has none (Japanese operators gave those out), quoted ones. Domains have a dot: a machine's name alone is a typing
 * mistake more often than an address.
 */

/** In bytes of UTF-8, as mail servers count. */
const longest = { mailbox: 64, address: 254 }

const plainMailbox = /^[^\s"(),:;<>@[\]\\\p{Cc}\p{Cs}]+$/u
const quotedMailbox = /^"(?:[^"\\\p{Cc}\p{Cs}]|\\[^\p{Cc}\p{Cs}])+"$/u
const hostname = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** What a URL would take for something else than a part of its host. */
const noHost = /[\s/?#@:%\\[\]<>^|]/u

/**
 * An address as it is kept and compared: one for all spellings of it. Width and composition are those of NFKC, case is
 * lowered, as ever before the @ too, and the domain is in the form that the network asks for. Undefined for what is no
 * address.
 */
export function emailOf(given: string): string | undefined {
  const text = given.trim()
  if (hasUnseen(text)) return undefined
  const plain = text.normalize('NFKC').toLowerCase().normalize('NFC')
  const at = plain.lastIndexOf('@')
  const mailbox = plain.slice(0, Math.max(at, 0))
  const domain = asciiDomain(plain.slice(at + 1))
  if (domain === undefined || !(plainMailbox.test(mailbox) || quotedMailbox.test(mailbox))) return undefined
  const email = `${mailbox}@${domain}`
  const tooLong = bytes(mailbox) > longest.mailbox || bytes(email) > longest.address || bytes(text) > longest.address
  return tooLong ? undefined : email
}

export const isEmail = (text: string): boolean => emailOf(text) !== undefined

const bytes = (text: string): number => new TextEncoder().encode(text).length

/** By the rules of URLs (UTS 46), which browsers and Node.js have. */
function asciiDomain(domain: string): string | undefined {
  if (domain === '' || noHost.test(domain)) return undefined
  let host: string
  try {
    host = new URL(`http://${domain}`).hostname.replace(/\.$/, '')
  } catch {
    return undefined
  }
  return hostname.test(host) ? host : undefined
}
