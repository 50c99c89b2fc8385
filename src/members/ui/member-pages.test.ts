import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Member } from '../contract.ts'
import { applyMember } from './member-pages.ts'

const member = (accountId: string): Member => ({ accountId, role: 'member', joinedAt: 't' })
const facts = { conversationId: 'c', seq: 1, at: 't', by: 'ada' }

test('who comes stands last, who goes is gone, and a repeat changes nothing', () => {
  const both = [member('ada'), member('grace')]
  const added = applyMember(both, { type: 'member.added', ...facts, member: member('linus') })
  assert.deepEqual(
    added.map((one) => one.accountId),
    ['ada', 'grace', 'linus'],
  )
  assert.deepEqual(applyMember(added, { type: 'member.added', ...facts, member: member('linus') }), added)
  const left = applyMember(added, { type: 'member.removed', ...facts, accountId: 'grace', newOwner: null })
  assert.deepEqual(
    left.map((one) => one.accountId),
    ['ada', 'linus'],
  )
  const heir = applyMember(added, { type: 'member.removed', ...facts, accountId: 'ada', newOwner: 'linus' })
  assert.equal(heir.find((one) => one.accountId === 'linus')?.role, 'owner')
  assert.equal(applyMember(left, { type: 'member.removed', ...facts, accountId: 'grace', newOwner: null }), left)
})
