import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyFault, mentionsIn } from './rules.ts'

const ada = '01a2046a-624a-770b-a993-73383874b476'
const grace = '01a2046a-624a-770b-a993-73383874b477'

test('a body needs a character that can be seen, and at most 20,000 of them', () => {
  assert.equal(bodyFault('.'), undefined)
  assert.equal(bodyFault('👍'), undefined)
  const fillers = [
    '\u3164',
    '\u2800',
    '\u115f',
    '\u1160',
    '\uffa0',
    '\ufe0f',
    '\u034f',
    '\u17b4',
    '\u180b',
    '\u{e0100}',
  ]
  for (const empty of ['', ' ', '\n\t', '\u200b', '\u2060\ufeff', ...fillers, fillers.join('\n')])
    assert.equal(bodyFault(empty), 'empty-message', JSON.stringify(empty))
  assert.equal(bodyFault('x'.repeat(20_000)), undefined)
  assert.equal(bodyFault('🐳'.repeat(20_000)), undefined)
  assert.equal(bodyFault('x'.repeat(20_001)), 'message-too-long')
})

test('mentions are found in prose, once each, and not in code', () => {
  assert.deepEqual(mentionsIn(`Hi <@${ada}> and <@${grace.toUpperCase()}>, <@${ada}>`), {
    accountIds: [ada, grace],
    channel: false,
  })
  assert.deepEqual(mentionsIn(`\`<@${ada}>\` and \`\`\`\n<@${grace}> @channel\n\`\`\``), {
    accountIds: [],
    channel: false,
  })
  assert.deepEqual(mentionsIn(`\`\`\`\n<@${grace}>`), { accountIds: [], channel: false })
  // Three backticks that nothing closes are text behind words, on the screen as well.
  assert.deepEqual(mentionsIn(`an open \`\`\`\n<@${grace}>`).accountIds, [grace])
  assert.equal(mentionsIn('@channel please').channel, true)
  assert.equal(mentionsIn('please, @channel.').channel, true)
  for (const no of ['@channels', 'me@channel', '@channel-x', 'name.@channel'])
    assert.equal(mentionsIn(no).channel, false, no)
})

test('hostile bodies are searched in no time', () => {
  const start = performance.now()
  for (const hostile of [
    '`'.repeat(20_000),
    '`a'.repeat(10_000),
    '``` '.repeat(5_000),
    '<@'.repeat(10_000),
    '@channe'.repeat(2_800),
    '~~~`'.repeat(5_000),
  ])
    mentionsIn(`${hostile}@`)
  assert.ok(performance.now() - start < 1_000, `${performance.now() - start} ms`)
})
