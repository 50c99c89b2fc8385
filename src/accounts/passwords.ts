import { argon2, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** How passwords are kept. */
export interface Hashing {
  /** A hash that tells its algorithm and cost, with a salt of its own. */
  hash(password: string): Promise<string>
  verify(kept: { hash: string; password: string }): Promise<boolean>
  /** Whether `hash` would make another kind today: another algorithm or another cost. */
  isBehind(hash: string): boolean
  /**
   * After a wrong password: the work that is still missing, so that every wrong one costs the same. `hash` is what was
   * verified, or undefined where there is no such account. While old hashes are kept (`oldOnes`) every wrong password
   * costs both kinds: which of them was spent would tell whether there is an account, and one that nobody uses.
   */
  makeUp(wrong: { password: string; hash: string | undefined; oldOnes: boolean }): Promise<void>
}

/** What costs the time. */
export interface Derivations {
  argon2id(password: string, salt: Buffer, cost: Argon2Cost): Promise<Buffer>
  /** Of releases before: scrypt with N 16,384, r 16, p 1. */
  scrypt(password: string, salt: string): Promise<Buffer>
}

export interface Argon2Cost {
  /** KiB. */
  readonly memory: number
  readonly passes: number
}

const keyBytes = 32
const saltBytes = 16

// OWASP's Password Storage Cheat Sheet names it first. Of the costs there this is the one whose memory is given back: a
// block below 32 MiB stays with libuv's thread that asked for it, and 19 MiB grew the process by 140 MB.
// 46 MiB and 70 to 80 ms of one core for each hash, as much as the scrypt of releases before.
const cost: Argon2Cost = { memory: 47_104, passes: 1 }

const oldKeyBytes = 64
const oldCost = { N: 16_384, r: 16, p: 1, maxmem: 64 * 2 ** 20 }

const runArgon2 = promisify(argon2)
const runScrypt = promisify<string, string, number, object, Buffer>(scrypt)

export const nodeCrypto: Derivations = {
  argon2id: (message, nonce, { memory, passes }) =>
    runArgon2('argon2id', { message, nonce, memory, passes, parallelism: 1, tagLength: keyBytes }),
  scrypt: (password, salt) => runScrypt(password, salt, oldKeyBytes, oldCost),
}

/** The PHC string format, as the reference implementation of Argon2 writes it. */
const formOf = ({ memory, passes }: Argon2Cost) => `$argon2id$v=19$m=${memory},t=${passes},p=1$`
const written = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')

const argon2Hash = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/
/** `salt:key`, both in hexadecimal digits; the salt's digits themselves are what scrypt takes. */
const oldHash = /^([0-9a-f]{32}):([0-9a-f]{128})$/

/** One password typed on two keyboards may come in different code points. */
const spelt = (password: string) => password.normalize('NFKC')

export function createHashing(derive: Derivations = nodeCrypto): Hashing {
  const make = (password: string, salt: Buffer) => derive.argon2id(spelt(password), salt, cost)
  return {
    async hash(password) {
      const salt = randomBytes(saltBytes)
      return `${formOf(cost)}${written(salt)}$${written(await make(password, salt))}`
    },
    async verify({ hash, password }) {
      const [, memory, passes, salt, key] = argon2Hash.exec(hash) ?? []
      if (salt && key) {
        const given = await derive.argon2id(spelt(password), Buffer.from(salt, 'base64'), {
          memory: Number(memory),
          passes: Number(passes),
        })
        return timingSafeEqual(given, Buffer.from(key, 'base64'))
      }
      const [, oldSalt, oldKey] = oldHash.exec(hash) ?? []
      if (!oldSalt || !oldKey) return false
      return timingSafeEqual(await derive.scrypt(spelt(password), oldSalt), Buffer.from(oldKey, 'hex'))
    },
    isBehind: (hash) => !hash.startsWith(formOf(cost)),
    async makeUp({ password, hash, oldOnes }) {
      const wasOld = hash !== undefined && oldHash.test(hash)
      if (hash === undefined || wasOld) await make(password, randomBytes(saltBytes))
      if (oldOnes && !wasOld) await derive.scrypt(spelt(password), '')
    },
  }
}

export const passwordHashing: Hashing = createHashing()
