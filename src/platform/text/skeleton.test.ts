import assert from 'node:assert/strict'
import { test } from 'node:test'
import { confusables, confusablesVersion } from './confusables.ts'
import { looksAs, readsAs, skeleton } from './skeleton.ts'

test('the table is whole: the version of Unicode, a prototype a line, and each character once', () => {
  assert.match(confusablesVersion, /^\d+\.\d+\.\d+$/)
  const signs: string[] = []
  for (const line of confusables.trim().split('\n')) {
    assert.match(line, /^\S+ \S+$/u)
    signs.push(...Array.from(line.split(' ')[1]!))
  }
  assert.ok(signs.length > 2_500)
  assert.equal(new Set(signs).size, signs.length)
})

test('names that look alike have one skeleton', () => {
  for (const [one, other] of [
    ['Ada', 'Αdа'],
    ['Ada', 'Ａｄａ'],
    ['Ada', '𝐀𝐝𝐚'],
    ['general', 'genera1'],
    ['Grace', 'Grace\u034f'],
    ['Grace', 'Gr\u115face'],
    ['modern', 'modem'],
    ['istanbul', 'i\u0307stanbul'],
    ['é', 'é'.normalize('NFD')],
    ['scope', 'ѕсоре'],
    ['paypal', 'раураl'],
  ])
    assert.equal(skeleton(one!), skeleton(other!), `${one} for ${other}`)
  for (const [one, other] of [
    ['Ada', 'Adam'],
    ['café', 'cafe'],
    ['山', '川'],
    ['general', 'genera'],
  ])
    assert.notEqual(skeleton(one!), skeleton(other!), `${one} for ${other}`)
})

test('case does not tell channels apart, and letters that differ do', () => {
  assert.equal(readsAs('general'), readsAs('GENERAL'))
  assert.equal(readsAs('general'), readsAs('ｇｅｎｅｒａｌ'))
  assert.equal(readsAs('general'), readsAs('ɡеnеrаl'))
  assert.equal(readsAs('sev0'), readsAs('sevO'))
  assert.notEqual(readsAs('mail'), readsAs('mall'))
  assert.notEqual(readsAs('team-a'), readsAs('team_a'))
})

test('a person is mistaken for another by less', () => {
  const ada = looksAs('Ada Lindqvist')
  for (const other of [
    'ada lindqvist',
    'ADA LINDQVIST',
    'Ada Iindqvist',
    'ada Iindqvlst',
    'Ada 1indqvist',
    'Аda Lindqvіst',
    'Ada  Lindqvist.',
    'AdaLindqvist',
    'Ada-Lindqvist ✅',
    'Ａda Lindqvist',
  ])
    assert.equal(looksAs(other), ada, other)
  for (const other of ['Ada Lindquist', 'Ada', 'Adam Lindqvist', 'Åda Lindqvist'])
    assert.notEqual(looksAs(other), ada, other)
  assert.equal(looksAs('👑'), '👑')
  assert.notEqual(looksAs('👑'), looksAs('🐳'))
})
