import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scryptHashing } from './passwords.ts'

// Made by better-auth 1.7.6, which kept the passwords of releases before; typed composed and decomposed.
const earlier = [
  '57e0504d098d73504ebf4940acdb93a1:e50d4bfddf09fb7b3da1f35d9dec8e32a464e945c88a1537c84fc85117b41ce4045400541039a555155c7f6f7c4ec2698cd046bc7475b82392471a731f410355',
  '73aa8c561cba1e06a2bb6d6e5327f1b4:5a34ff252a8b9d17a3a4433ff2fab8a954e31615c00a5e8d4fc45d4b6956188b61f1c729d34f5d607d90deedb19206691deed143a7af06d543cb9490bf10a3a1',
]

test('a password opens its hash and no other one, whichever release made the hash', async () => {
  const password = 'Grüße von der Küste'
  const own = await scryptHashing.hash(password.normalize('NFD'))
  for (const hash of [own, ...earlier]) {
    assert.equal(await scryptHashing.verify({ hash, password }), true, hash)
    assert.equal(await scryptHashing.verify({ hash, password: `${password} ` }), false, hash)
  }
  assert.notEqual(await scryptHashing.hash(password), own, 'each hash has a salt of its own')
})

test('what is no hash is opened by no password', async () => {
  for (const hash of ['', ':', 'salt:', ':00', '57e0504d098d73504ebf4940acdb93a1:e5', 'no hash at all'])
    for (const password of ['', 'e5', 'Grüße'])
      assert.equal(await scryptHashing.verify({ hash, password }), false, hash)
})
