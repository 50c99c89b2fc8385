import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account } from '#accounts/shapes.ts'
import { toldApart } from './told-apart.ts'

const account = (id: string, name: string, role: Account['role'] = 'member'): Account => ({
  id,
  name,
  role,
  avatar: null,
  color: 1,
})
const words = {
  role: (role: string) => role,
  presence: (id: string) => (id === 'here' ? 'Here' : undefined),
  joined: (at: string, exactly: boolean) => (exactly ? `at ${at}` : 'today'),
}
const facts = (...listed: { account: Account; joinedAt?: string }[]) => Object.fromEntries(toldApart(listed, words))

test('only people of one name are told apart, by role, presence and when they joined', () => {
  assert.deepEqual(facts({ account: account('1', 'Ada') }, { account: account('2', 'Grace') }), {})
  assert.deepEqual(facts({ account: account('1', 'Alex Kim') }, { account: account('2', 'alex  kim', 'guest') }), {
    1: 'member',
    2: 'guest',
  })
  assert.deepEqual(facts({ account: account('here', 'Alex Kim') }, { account: account('2', 'Alex\u200b Kim') }), {
    here: 'member · Here',
    2: 'member',
  })
  assert.deepEqual(
    facts({ account: account('1', 'Alex'), joinedAt: '12:01' }, { account: account('2', 'Alex'), joinedAt: '12:02' }),
    { 1: 'member · at 12:01', 2: 'member · at 12:02' },
  )
})

test('where nothing tells them apart a number does, whatever the order of the list', () => {
  const [one, two] = [account('1', 'Alex Kim'), account('2', 'Alex Kim')]
  const right = { 1: 'member · 1 of 2', 2: 'member · 2 of 2' }
  assert.deepEqual(facts({ account: one }, { account: two }), right)
  assert.deepEqual(facts({ account: two }, { account: one }), right)
})
