import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from '#platform/markdown/read.ts'
import { ask, channel, say, testPlace } from './testing.ts'

// Who is shown as meant is who hears of it: the server counts what the screen shows, of what is posted and of what is edited.

const place = await testPlace()
const { ada, grace } = place.cast
const conversation = await channel(place, ada, 'meant', [grace])

const shows = (tree: unknown): boolean =>
  Array.isArray(tree)
    ? tree.some(shows)
    : typeof tree === 'object' &&
      tree !== null &&
      (['mention', 'channel'].includes((tree as { kind?: string }).kind ?? '') || Object.values(tree).some(shows))

const isToldOf = async (messageId: string): Promise<boolean> => {
  const answer = await ask<{ messages: { id: string }[] }>(place, grace, 'GET', '/v1/mentions')
  assert.equal(answer.status, 200)
  return answer.body.messages.some(({ id }) => id === messageId)
}

/** X is a mention of Grace, or `@channel`. */
const bodies = [
  'hello X',
  '`X`',
  'it`s here\n\nX please\n\nthat`s all',
  'it`s X and that`s all',
  'fence with ~~~ like so. X',
  'use ``` to open a fence, X',
  'see ```\nX\n```',
  '```\nX',
  '_X_ please',
  '    look at X',
  'a:\n\n    X is how one calls',
  '\\X',
  '[text](https://a.example/X)',
  'https://a.example/X',
  '[X](https://a.example)',
  '| a |\n|---|\n| `x | X |',
  '> X\n\n- [ ] X',
  'おはようX',
]

for (const [what, mark] of [
  ['a person', `<@${grace.account.id}>`],
  ['everybody', '@channel'],
] as const)
  test(`${what}: whoever is shown as meant is told, and nobody else, now and after an edit`, async () => {
    for (const body of bodies.map((each) => each.replaceAll('X', mark))) {
      const { id } = await say(place, ada, conversation, body)
      assert.equal(await isToldOf(id), shows(parse(body)), body)
      const edited = await say(place, ada, conversation, `not yet ${bodies.indexOf(body)}`)
      const url = `/v1/conversations/${conversation}/messages/${edited.id}`
      assert.equal((await ask(place, ada, 'PATCH', url, { body })).status, 200)
      assert.equal(await isToldOf(edited.id), shows(parse(body)), `edited: ${body}`)
    }
  })
