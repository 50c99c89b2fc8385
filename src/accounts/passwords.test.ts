import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHashing, type Derivations, nodeCrypto, passwordHashing } from './passwords.ts'

// Made by better-auth 1.7.6, which kept the passwords of releases before; typed composed and decomposed.
const earlier = [
  '57e0504d098d73504ebf4940acdb93a1:e50d4bfddf09fb7b3da1f35d9dec8e32a464e945c88a1537c84fc85117b41ce4045400541039a555155c7f6f7c4ec2698cd046bc7475b82392471a731f410355',
  '73aa8c561cba1e06a2bb6d6e5327f1b4:5a34ff252a8b9d17a3a4433ff2fab8a954e31615c00a5e8d4fc45d4b6956188b61f1c729d34f5d607d90deedb19206691deed143a7af06d543cb9490bf10a3a1',
]

test('a password opens its hash and no other one, whichever release made the hash', async () => {
  const password = 'Grüße von der Küste'
  const own = await passwordHashing.hash(password.normalize('NFD'))
  for (const hash of [own, ...earlier]) {
    assert.equal(await passwordHashing.verify({ hash, password }), true, hash)
    assert.equal(await passwordHashing.verify({ hash, password: `${password} ` }), false, hash)
  }
  assert.notEqual(await passwordHashing.hash(password), own, 'each hash has a salt of its own')
})

test('a hash tells its algorithm and cost, those of OWASP’s guidance, and others than those are behind', async () => {
  const hash = await passwordHashing.hash('a calm evening at sea')
  assert.match(hash, /^\$argon2id\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.equal(passwordHashing.isBehind(hash), false)
  for (const old of [...earlier, hash.replace('m=47104', 'm=19456'), hash.replace('t=1', 't=2')])
    assert.equal(passwordHashing.isBehind(old), true, old)
})

test('a hash of another cost is verified by its own cost', async () => {
  const salt = Buffer.alloc(16, 7)
  const key = await nodeCrypto.argon2id('a calm evening at sea', salt, { memory: 64, passes: 3 })
  const written = [salt, key].map((bytes) => bytes.toString('base64').replaceAll('=', '')).join('$')
  const hash = `$argon2id$v=19$m=64,t=3,p=1$${written}`
  assert.equal(await passwordHashing.verify({ hash, password: 'a calm evening at sea' }), true)
  assert.equal(await passwordHashing.verify({ hash, password: 'a calm morning at sea' }), false)
})

test('every wrong password costs the same, with or without an account and whichever hash it has', async () => {
  const spent: string[] = []
  const counted: Derivations = {
    argon2id: (password, salt, cost) => {
      spent.push(`argon2id ${cost.memory} KiB ${cost.passes}`)
      return nodeCrypto.argon2id(password, salt, cost)
    },
    scrypt: (password, salt) => {
      spent.push('scrypt')
      return nodeCrypto.scrypt(password, salt)
    },
  }
  const hashing = createHashing(counted)
  const own = await hashing.hash('a calm evening at sea')
  const costOf = async (hash: string | undefined, oldOnes: boolean) => {
    spent.length = 0
    if (hash !== undefined) assert.equal(await hashing.verify({ hash, password: 'a rough guess' }), false)
    await hashing.makeUp({ password: 'a rough guess', hash, oldOnes })
    return spent.toSorted().join(', ')
  }
  const today = 'argon2id 47104 KiB 1'
  assert.deepEqual([await costOf(own, false), await costOf(undefined, false)], [today, today])
  const whileOldOnesAreLeft = [await costOf(own, true), await costOf(undefined, true), await costOf(earlier[0], true)]
  assert.deepEqual(whileOldOnesAreLeft, Array<string>(3).fill(`${today}, scrypt`))
})

test('what is no hash is opened by no password', async () => {
  const notOurs = [
    '$argon2id$v=19$m=47104,t=1,p=1$$',
    '$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AA',
    '$scrypt$',
  ]
  for (const hash of ['', ':', 'salt:', ':00', '57e0504d098d73504ebf4940acdb93a1:e5', 'no hash at all', ...notOurs])
    for (const password of ['', 'e5', 'Grüße'])
      assert.equal(await passwordHashing.verify({ hash, password }), false, hash)
})
