import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** How passwords are kept. */
export interface Hashing {
  hash(password: string): Promise<string>
  verify(kept: { hash: string; password: string }): Promise<boolean>
}

// scrypt (RFC 7914): 32 MiB of memory and some 60 ms of one core for each hash.
const cost = { N: 16_384, r: 16, p: 1, maxmem: 64 * 2 ** 20 }
const keyBytes = 64

const derive = promisify<string, string, number, object, Buffer>(scrypt)
// One password typed on two keyboards may come in different code points.
const keyOf = (password: string, salt: string) => derive(password.normalize('NFKC'), salt, keyBytes, cost)

/** A hash is `salt:key`, both in hexadecimal digits; the salt's digits themselves, 32 of them, are what scrypt takes. */
export const scryptHashing: Hashing = {
  async hash(password) {
    const salt = randomBytes(16).toString('hex')
    return `${salt}:${(await keyOf(password, salt)).toString('hex')}`
  },
  async verify({ hash, password }) {
    const [salt = '', key = ''] = hash.split(':')
    const wanted = Buffer.from(key, 'hex')
    const given = await keyOf(password, salt)
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  },
}
