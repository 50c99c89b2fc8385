import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { beginning, beginningOf, saidIn, shortened, words } from './words.ts'

test('a text is cut between what people take for characters', () => {
  for (const whole of ['🐳', '👩‍👩‍👧‍👦', '🇫🇮', '👍🏽', '1️⃣', 'é́', 'நி', '각'])
    for (let most = 10; most < 10 + whole.length; most++) {
      assert.equal(beginning(`0123456789${whole}more`, most), '0123456789', whole)
      assert.equal(shortened(`0123456789${whole}more`, most + 1), '0123456789…', whole)
    }
  assert.equal(beginning('0123456789', 10), '0123456789')
})

test('no label ends in half of a pair, however much stands on one letter', () => {
  const letters = fc.array(fc.constantFrom('🐳', 'a', '\u0301', '\u200d', '👩', '🇫', ' ', '𝒜'), {
    minLength: 1,
    maxLength: 400,
  })
  fc.assert(
    fc.property(letters, fc.integer({ min: 1, max: 200 }), (parts, most) => {
      const text = parts.join('')
      for (const cut of [beginning(text, most), words(text, () => '', most), shortened(text, most)]) {
        assert.ok(cut.length <= most, `${cut.length} of ${most}`)
        assert.ok(cut.isWellFormed())
      }
    }),
  )
  assert.equal(words(`a${'\u0301'.repeat(3000)}`, () => '', 160).length, 160)
})

test('a mention is one word of its own, and spaces are one', () => {
  const ada = '01890000-0000-7000-8000-00000000000a'
  assert.deepEqual(saidIn(`  ask   <@${ada}>\n\n  **now** `), [{ text: 'ask ' }, { mention: ada }, { text: ' now' }])
  assert.equal(
    words(`# A\n- [x] b\n- c\n\n|d|e|\n|-|-|\n|f|g|`, () => ''),
    'A b, c d, e. f, g',
  )
})

test('whom a line means stands apart, @channel too, and its beginning ends between words and names', () => {
  const ada = '019a0000-0000-7000-8000-0000000000ad'
  const said = saidIn(`**look**, @channel and <@${ada}>: now`)
  assert.deepEqual(said, [
    { text: 'look, ' },
    { text: '@channel', everybody: true },
    { text: ' and ' },
    { mention: ada },
    { text: ': now' },
  ])
  assert.deepEqual(beginningOf(said, 400), said)
  // Six, eight, five and ten for a name.
  assert.deepEqual(beginningOf(said, 29), [...said.slice(0, 4), { text: '…' }])
  assert.deepEqual(beginningOf(said, 5), [{ text: 'look…' }])
  assert.equal(beginningOf(saidIn(`<@${ada}> `.repeat(500)), 400).length < 100, true)
})
