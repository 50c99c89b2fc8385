import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'

/*
 * Whoever may connect to a database may listen to any of its channels and notify on them, whatever rights on tables it
 * lacks; whoever may connect to NATS hears every subject that the server allows. So what goes over a channel or a subject
 * is sealed: it cannot be read, made up or changed without the place's secret, and what was sealed once is heard once and
 * soon, or never.
 *
 *   version 1 byte | sender 14 | number 6 | sealed at 6 (ms since 1970, the database's clock) | ciphertext | tag 16
 *
 * AES-256-GCM (NIST SP 800-38D). Each sender has a key of its own (HKDF, RFC 5869, of the secret and the sender's random
 * name), with which its numbers are the nonces: none comes twice, however many senders there are and however much they
 * say. The channel (over NATS the subject) and the whole head are authenticated as well.
 */

const version = 1
const purpose = 'All is Whale: hints over NOTIFY' // and over NATS; another text would be another key during an upgrade
/** With the version whole groups of three bytes, so that base64 shows whose it is. */
const senderBytes = 14
const headBytes = 1 + senderBytes + 6 + 6
const tagBytes = 16

/** How old what is opened may be (ms): longer than hints are on their way, and than clocks jump at a failover. */
export const freshMs = 30_000

/** How much longer than its text an envelope is. */
export const sealBytes = headBytes + tagBytes

/** How many bytes of text fit into so many bytes of payload in base64. */
export const roomIn = (payloadBytes: number): number => Math.floor(payloadBytes / 4) * 3 - sealBytes

interface Sender {
  key: KeyObject
  /** The highest number opened, and when that was sealed. */
  number: number
  at: number
}

/** Seals what one process says, and opens what the others say. */
export class Envelopes {
  /** What its payloads begin with in base64, by which a process knows its own. */
  readonly mark: string
  readonly #secret: string
  readonly #own: Buffer
  readonly #key: KeyObject
  #sealed = 0
  readonly #senders = new Map<string, Sender>()

  /** `secret`: what the processes of the place have in common, and nobody else knows. */
  constructor(secret: string) {
    this.#secret = secret
    this.#own = Buffer.concat([Buffer.of(version), randomBytes(senderBytes)])
    this.#key = this.#keyOf(this.#own.subarray(1))
    this.mark = this.#own.toString('base64')
  }

  /** For those who hear `channel`. `now`: on the database's clock, which all senders share (ms since 1970). */
  seal(text: string, channel: string, now: number): Buffer {
    const head = Buffer.alloc(headBytes)
    this.#own.copy(head)
    head.writeUIntBE((this.#sealed += 1), 1 + senderBytes, 6)
    head.writeUIntBE(Math.floor(now), headBytes - 6, 6)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(head), { authTagLength: tagBytes })
    cipher.setAAD(Buffer.concat([head, Buffer.from(channel)]))
    return Buffer.concat([head, cipher.update(text), cipher.final(), cipher.getAuthTag()])
  }

  /** null: no other process of this place sealed it for `channel`, it is not fresh, or it was opened before. */
  open(bytes: Buffer, channel: string, now: number): string | null {
    if (bytes[0] !== version || bytes.length < headBytes + tagBytes) return null
    const head = bytes.subarray(0, headBytes)
    // Our own is told by its mark, unless a stranger has written it in another way.
    if (this.#own.equals(head.subarray(0, 1 + senderBytes))) return null
    const number = head.readUIntBE(1 + senderBytes, 6)
    const at = head.readUIntBE(headBytes - 6, 6)
    if (!(Math.abs(now - at) <= freshMs)) return null
    const name = bytes.toString('latin1', 1, 1 + senderBytes)
    const known = this.#senders.get(name)
    // Postgres hands out notifications in the order of their commits, and NATS what came over one connection in its
    // order, so a sender's numbers rise.
    if (known && number <= known.number) return null
    const key = known?.key ?? this.#keyOf(head.subarray(1, 1 + senderBytes))
    const text = this.#decrypt(key, bytes, channel)
    if (text === null) return null
    if (!known) this.#forget(now)
    this.#senders.set(name, { key, number, at })
    return text
  }

  #decrypt(key: KeyObject, bytes: Buffer, channel: string): string | null {
    const head = bytes.subarray(0, headBytes)
    const cipher = createDecipheriv('aes-256-gcm', key, nonceOf(head), { authTagLength: tagBytes })
    cipher.setAAD(Buffer.concat([head, Buffer.from(channel)]))
    cipher.setAuthTag(bytes.subarray(-tagBytes))
    try {
      return Buffer.concat([cipher.update(bytes.subarray(headBytes, -tagBytes)), cipher.final()]).toString()
    } catch {
      return null
    }
  }

  #keyOf(sender: Buffer): KeyObject {
    return createSecretKey(Buffer.from(hkdfSync('sha256', this.#secret, sender, purpose, 32)))
  }

  /** Of whom all is stale no number needs to be remembered: processes come and go. */
  #forget(now: number): void {
    for (const [name, { at }] of this.#senders) if (now - at > 2 * freshMs) this.#senders.delete(name)
  }
}

const nonceOf = (head: Buffer): Buffer =>
  Buffer.concat([Buffer.alloc(6), head.subarray(1 + senderBytes, 1 + senderBytes + 6)])
