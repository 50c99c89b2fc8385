import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyFault, emojiOf, mentionsIn } from './rules.ts'

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

test('a reaction is one emoji, with its skin tone, flag or joiner', () => {
  for (const emoji of ['👍', '👍🏽', '🇩🇰', '👩‍💻', '❤️', '🏴‍☠️', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👁️‍🗨️']) assert.equal(emojiOf(emoji), emoji)
  for (const text of ['', 'a', '👍👍', ':-)', '1', ' 👍', '1\ufe0f', '\ufe0f', '🇩', '👍\u200d', '🏽🏽'])
    assert.equal(emojiOf(text), undefined, text)
})

/** Each code point that is an emoji by itself, and others of every kind that is put together. */
const whole: string[] = []
for (let code = 0; code <= 0x1ffff; code++) {
  if (code >= 0xd800 && code <= 0xdfff) continue
  for (const spelt of [String.fromCodePoint(code), `${String.fromCodePoint(code)}\ufe0f`])
    if (/^\p{RGI_Emoji}$/v.test(spelt)) whole.push(spelt)
}
for (const sign of '0123456789#*') whole.push(`${sign}\ufe0f\u20e3`)
whole.push('👩‍❤️‍💋‍👨', '🏳️‍🌈', '🏳️‍⚧️', '🏴‍☠️', '👩‍⚕️', '🏌🏽‍♂️', '🏌️‍♂️', '🕵️‍♀️', '❤️‍🔥', '⛓️‍💥', '🙂‍↕️', '🇫🇮', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '☝🏽', '🤝🏿', '👨‍👩‍👧')

test('an emoji has one spelling, whichever selectors it came with', () => {
  assert.ok(whole.length > 1_300)
  const wrong: string[] = []
  for (const emoji of whole) {
    const parts = Array.from(emoji)
    const everywhere = parts
      .map((part) => (/\ufe0f|\u200d|\u20e3|[\u{e0020}-\u{e007f}]/u.test(part) ? part : `${part}\ufe0f`))
      .join('')
      .replaceAll('\ufe0f\ufe0f', '\ufe0f')
    for (const spelling of [
      emoji,
      emoji.replaceAll('\ufe0f', ''),
      emoji.replace('\ufe0f', ''),
      emoji.replaceAll('\ufe0f', '\ufe0e'),
      everywhere,
    ])
      if (emojiOf(spelling) !== emoji) wrong.push(JSON.stringify(spelling))
  }
  assert.deepEqual(wrong, [])
  assert.notEqual(emojiOf('👍🏽'), emojiOf('👍'))
  assert.notEqual(emojiOf('☝🏽'), emojiOf('☝'))
})
