import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mentionReason } from './mention-reason.ts'

const ada = '0192f1c0-0000-7000-8000-000000000001'
const root = '0192f1c0-0000-7000-8000-000000000002'

test('a message in Activity says in the fewest words why it is there, and nothing where there is nothing to say', () => {
  const reason = (body: string, threadRoot: string | null = null) => mentionReason({ body, threadRoot }, ada)
  assert.equal(reason(`Can you look, <@${ada}>?`), 'Mentioned you')
  assert.equal(reason(`<@${ada}>, @channel`, root), 'Mentioned you in a reply')
  assert.equal(reason('High water at noon, @channel'), 'Mentioned @channel')
  assert.equal(reason('At noon', root), 'Reply')
  assert.equal(reason('At noon'), '')
})
