import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hostileParts, languages, repeated } from '#platform/markdown/testing.ts'
import { highlight, highlightSteps } from './highlight.ts'

const kinds = (text: string, language: string) =>
  highlight(text, language)!
    .filter(({ kind }) => kind)
    .map(({ text, kind }) => `${kind}:${text}`)

test('keywords, names, texts, numbers and comments are told apart', () => {
  assert.deepEqual(kinds('const a = go("x", 12) // why', 'ts'), ['k:const', 'f:go', 's:"x"', 'n:12', 'c:// why'])
  assert.deepEqual(kinds("def high(a):\n  '''b'''\n  return 1 # c", 'py'), [
    'k:def',
    'f:high',
    "s:'''b'''",
    'k:return',
    'n:1',
    'c:# c',
  ])
  assert.deepEqual(kinds("SELECT id FROM t WHERE a = 'b' -- c", 'sql'), [
    'k:SELECT',
    'k:FROM',
    'k:WHERE',
    "s:'b'",
    'c:-- c',
  ])
  assert.deepEqual(kinds('{"a": [1, true, "b"]}', 'json'), ['f:"a"', 'n:1', 'k:true', 's:"b"'])
  assert.deepEqual(kinds('on: push\nfree-text: "x" # c', 'yaml'), ['k:on', 'f:free-text', 's:"x"', 'c:# c'])
  assert.deepEqual(kinds('<a href="b">c</a><!-- d -->', 'html'), ['k:a', 'f:href', 's:"b"', 'k:a', 'c:<!-- d -->'])
  assert.deepEqual(kinds('.a { color: red; margin: 2px } /* c */', 'css'), [
    'f:color',
    'f:margin',
    'n:2px',
    'c:/* c */',
  ])
  assert.deepEqual(kinds('@@ -1 +1 @@\n-a\n+b\n c', 'diff'), ['c:@@ -1 +1 @@', 'n:-a', 's:+b'])
  assert.deepEqual(kinds('echo "$HOME" # c\nif [ $# -gt 1 ]; then', 'sh'), [
    'k:echo',
    's:"$HOME"',
    'c:# c',
    'k:if',
    'n:1',
    'k:then',
  ])
})

test('what is no language is shown plain, whatever it is called', () => {
  for (const name of ['', 'klingon', ...Object.getOwnPropertyNames(Object.prototype)])
    assert.equal(highlight('a', name), undefined, name)
})

test('whatever the code is, none of it is lost, changed or split inside of a character', () => {
  const part = fc.constantFrom(
    '"',
    "'",
    '`',
    '"""',
    '/*',
    '*/',
    '//',
    '#',
    '<',
    '</',
    '<!--',
    '>',
    '\\',
    '\n',
    '@',
    '--[[',
    ']]',
    '0x',
    'fn ',
    '🐳',
    '漢',
    ':',
    ' ',
    '=',
    '$',
    'é',
    '\u0301',
    '\u0000',
    '\ud83d',
    '\udc33',
    '𝒜',
    'word',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), fc.constantFrom(...languages), (parts, language) => {
      const code = parts.join('')
      const pieces = highlight(code, language)!
      assert.equal(pieces.map(({ text }) => text).join(''), code)
      for (const [at, { text }] of pieces.entries())
        assert.ok(!/^[\udc00-\udfff]/.test(text) || !/[\ud800-\udbff]$/.test(pieces[at - 1]?.text ?? ''), language)
    }),
    { numRuns: 300 },
  )
})

test('whatever the code is, it takes so many steps a character, and makes so many elements', () => {
  for (const language of languages)
    for (const part of [
      ...hostileParts,
      '0',
      '"',
      "'",
      '"""',
      '/*',
      '--[[',
      '<!--',
      '<a b="',
      'a:',
      'function ',
      '@a',
      '${',
      '{',
      '=',
    ])
      for (const prefix of ['', '"', '/*', '<']) {
        const code = repeated(1_500, prefix, part)
        const steps = highlightSteps(code, language)
        assert.ok(steps <= 4 * code.length, `${language} ${JSON.stringify(prefix + part)}: ${steps} steps`)
      }
  const many = highlight('1 a '.repeat(5_000), 'js')!
  assert.ok(many.length <= 3_002, `${many.length} pieces`)
  assert.equal(many.map(({ text }) => text).join(''), '1 a '.repeat(5_000))
})
