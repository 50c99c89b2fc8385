import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Member } from '../contract.ts'
import { createKnownMembers, type Questions } from './known-members.ts'

const member = (accountId: string): Member => ({ accountId, role: 'member', joinedAt: 't' })
const facts = { conversationId: 'c', seq: 1, at: 't', by: 'ada' }

/** A conversation of `members`, of whom the first reply holds two. */
function conversation(...members: string[]) {
  const asked: string[] = []
  const say = (what: string, ids: readonly string[]) => {
    asked.push(what)
    return ids.map(member)
  }
  const questions: Questions = {
    first: async () => ({ members: say('first', members.slice(0, 2)), complete: members.length <= 2 }),
    found: async (query) => ({
      members: say(`found ${query}`, members.filter((id) => id.startsWith(query)).slice(0, 1)),
      complete: false,
    }),
    among: async (ids) =>
      say(
        'which',
        members.filter((id) => ids.includes(id)),
      ),
    named: async (texts) => {
      say('named', [])
      const found = members.filter((id) => texts.some((text) => text.startsWith(id)))
      return { members: found.map((id) => ({ id, name: id })), complete: true }
    },
  }
  return { known: createKnownMembers(questions), asked, members }
}

test('who is not among the first of a large conversation is asked for, and not said to be outside', async () => {
  const { known } = conversation('ada', 'grace', 'zora')
  await known.open()
  assert.deepEqual([known.isIn('ada'), known.isIn('zora'), known.isIn('linus')], [true, undefined, undefined])
  await known.check(['zora', 'linus', 'ada'])
  assert.deepEqual([known.isIn('zora'), known.isIn('linus')], [true, false])
})

test('of a conversation that is there as a whole nothing more is asked', async () => {
  const { known, asked } = conversation('ada', 'grace')
  await known.open()
  await known.check(['zora'])
  await known.find('zo')
  assert.equal(known.isIn('zora'), false)
  assert.deepEqual(asked, ['first'])
})

test('who goes is outside at once, also when a reply that is on its way still holds them', async () => {
  const { known } = conversation('ada', 'grace', 'zora')
  await known.open()
  assert.equal(known.isIn('grace'), true)
  const asking = known.check(['zora'])
  known.heard({ type: 'member.removed', ...facts, accountId: 'zora', newOwner: null })
  known.heard({ type: 'member.removed', ...facts, accountId: 'grace', newOwner: null })
  await asking
  assert.deepEqual([known.isIn('grace'), known.isIn('zora')], [false, false])
  known.heard({ type: 'member.added', ...facts, member: member('grace') })
  assert.equal(known.isIn('grace'), true)
})

test('names written by hand are looked for once, and again after somebody came or went', async () => {
  const { known, asked } = conversation('ada', 'grace', 'zora')
  await known.settle(['zora, look'])
  assert.deepEqual(known.store.get().named.get('zora, look'), [{ id: 'zora', name: 'zora' }])
  assert.equal(known.settle(['zora, look']), undefined)
  known.heard({ type: 'member.added', ...facts, member: member('zoe') })
  await known.settle(['zora, look'])
  assert.deepEqual(asked, ['named', 'named'])
})

test('a question that failed is asked again', async () => {
  let fails = true
  const { known } = conversation('ada')
  const shaky = createKnownMembers({
    first: async () => {
      if (fails) throw new Error('offline')
      return { members: [member('ada')], complete: true }
    },
    found: async () => ({ members: [], complete: true }),
    among: async () => [],
    named: async () => ({ members: [], complete: true }),
  })
  await shaky.open()
  assert.equal(shaky.isIn('ada'), undefined)
  fails = false
  await shaky.open()
  assert.equal(shaky.isIn('ada'), true)
  await known.open()
  known.forget()
  assert.equal(known.isIn('ada'), undefined)
})
