import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { isEmojiOnly, parse, safeAddress, words, type Block, type Inline } from './markdown.ts'

const ada = '01890000-0000-7000-8000-00000000000a'
const paragraph = (body: string): Inline[] => {
  const [first, ...others] = parse(body)
  assert.deepEqual(others, [])
  assert.ok(first?.kind === 'paragraph')
  return first.children
}
const text = (text: string): Inline => ({ kind: 'text', text })

/** All that a reader can see of a tree. */
function visible(tree: Block[]): string {
  return textOf(tree)
}
function textOf(tree: unknown): string {
  if (Array.isArray(tree)) return tree.map(textOf).join('')
  if (typeof tree !== 'object' || tree === null) return ''
  const node = tree as Record<string, unknown>
  const own = typeof node['text'] === 'string' ? node['text'] : ''
  return (
    own +
    Object.entries(node)
      .map(([key, value]) => (key === 'text' ? '' : textOf(value)))
      .join('')
  )
}

describe('the words of a message', () => {
  test('a line end is a line end', () => {
    assert.deepEqual(paragraph('one\ntwo'), [text('one'), { kind: 'break' }, text('two')])
  })

  test('bold, italic, strike, code', () => {
    assert.deepEqual(paragraph('**a** *b* ~~c~~ `d`'), [
      { kind: 'strong', children: [text('a')] },
      text(' '),
      { kind: 'em', children: [text('b')] },
      text(' '),
      { kind: 'strike', children: [text('c')] },
      text(' '),
      { kind: 'code', text: 'd' },
    ])
  })

  test('a heading is only bold', () => {
    assert.deepEqual(paragraph('# Loud'), [{ kind: 'strong', children: [text('Loud')] }])
  })

  test('mentions are known in text and not in code', () => {
    assert.deepEqual(paragraph(`<@${ada}> and @channel`), [
      { kind: 'mention', accountId: ada },
      text(' and '),
      { kind: 'channel' },
    ])
    assert.deepEqual(paragraph(`\`<@${ada}>\``), [{ kind: 'code', text: `<@${ada}>` }])
    assert.deepEqual(paragraph('ops@channel @channels @Channel'), [text('ops@channel @channels @Channel')])
  })

  test('addresses become links, and only those that are safe to follow', () => {
    assert.deepEqual(paragraph('see https://tidewater.example/a?b=c'), [
      text('see '),
      { kind: 'link', href: 'https://tidewater.example/a?b=c', children: [text('https://tidewater.example/a?b=c')] },
    ])
    assert.equal(safeAddress('mailto:ada@tidewater.example'), 'mailto:ada@tidewater.example')
    for (const bad of ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', '//x', '/c/1']) {
      assert.equal(safeAddress(bad), undefined)
      assert.deepEqual(paragraph(`[press](${bad})`), [text(`[press](${bad})`)])
    }
  })

  test('a picture is a link to it: nothing is fetched because somebody wrote it', () => {
    assert.deepEqual(paragraph('![the quay](https://tidewater.example/q.png)'), [
      { kind: 'link', href: 'https://tidewater.example/q.png', children: [text('the quay')] },
    ])
  })

  test('HTML and definitions of links are shown as they were typed', () => {
    assert.equal(visible(parse('<img src=x onerror=alert(1)>')), '<img src=x onerror=alert(1)>')
    assert.equal(visible(parse('a <b>c</b>')), 'a <b>c</b>')
    assert.equal(visible(parse('[todo]: https://tidewater.example')), '[todo]: https://tidewater.example')
  })

  test('code blocks keep their text, their language and the count of their lines', () => {
    assert.deepEqual(parse('```ts title\nconst a = 1\n\n<b>\n```'), [
      { kind: 'fence', language: 'ts title', text: 'const a = 1\n\n<b>', lines: 3 },
    ])
  })

  test('code that begins on the line of its fence keeps its first word, whatever blanks end that line', () => {
    for (const blanks of ['', ' ', ' \t  ', '\r'])
      for (const indent of ['', '  '])
        assert.deepEqual(parse(`${indent}\`\`\` make it${blanks}\nso\`\`\``), [
          { kind: 'fence', language: '', text: `make it${blanks.replace('\r', '')}\nso`, lines: 2 },
        ])
  })

  test('lists, tasks, quotes and tables', () => {
    const [list] = parse('3. a\n4. b')
    assert.ok(list?.kind === 'list' && list.start === 3 && list.items.length === 2)
    const [tasks] = parse('- [x] done\n- [ ] open')
    assert.ok(tasks?.kind === 'list')
    assert.deepEqual(
      tasks.items.map((item) => item.done),
      [true, false],
    )
    const [quote] = parse('> a\n> b')
    assert.ok(quote?.kind === 'quote')
    const [table] = parse('|a|b|\n|-|:-:|\n|1|2|')
    assert.ok(table?.kind === 'table' && table.rows.length === 1 && table.align[1] === 'center')
  })

  test('up to three emoji alone are big, words are not', () => {
    for (const yes of ['🐳', ' 👍🏽 🎉', '👩‍💻🏳️‍🌈🇫🇮']) assert.equal(isEmojiOnly(yes), true, yes)
    for (const no of ['', '🐳🐳🐳🐳', '🐳 hi', '12', '#']) assert.equal(isEmojiOnly(no), false, no)
  })

  test('said in one line', () => {
    assert.equal(
      words(`**Hi** <@${ada}>,\n> see \`this\``, () => 'Ada Lindqvist'),
      'Hi @Ada Lindqvist, see this',
    )
    assert.equal(words('a '.repeat(500), () => '', 20).length, 20)
  })
})

describe('hostile text', () => {
  const repeat = (part: string) => part.repeat(20_000).slice(0, 20_000)
  const parts = [
    '*',
    '*a ',
    '*a**b',
    '**a ',
    '_',
    '~~a ',
    '`a ``b ',
    '>',
    '> ',
    '- ',
    '1. ',
    '> - ',
    '[',
    '[](',
    '![a](',
    '<',
    '<a ',
    '<@',
    '&#',
    '\\',
    'a@b.',
    'http://a.b ',
    '\n',
    '|',
    '[a]: b\n',
    '***a',
    'a_b*c',
    '$',
    '\t',
    ' \n',
    '@channel ',
  ]
  test('of 20,000 characters is rendered in bounded time', () => {
    const all = [
      ...parts.map(repeat),
      `${repeat('a.a+a_')}@`,
      `a${repeat(' ')}b`,
      `http://a.b/${repeat('&amp;')}`,
      `|${repeat('a|')}\n|${repeat('-|')}`,
    ]
    for (const body of all) {
      const began = performance.now()
      parse(body)
      const took = performance.now() - began
      assert.ok(took < 3000, `${JSON.stringify(body.slice(0, 20))} took ${Math.round(took)} ms`)
    }
  })

  test('nested beyond what anybody means is shown as it was typed', () => {
    assert.ok(visible(parse(`${'> '.repeat(60)}deep`)).endsWith('deep'))
    assert.deepEqual(visible(parse(repeat('> '))).replace(/\s/g, '').length, 10_000)
  })

  test('whatever is written, the parser answers and loses no word', () => {
    const piece = fc.constantFrom(
      '*',
      '**',
      '_',
      '~~',
      '`',
      '```',
      '\n',
      '\n\n',
      '> ',
      '- ',
      '1. ',
      '# ',
      '[',
      '](',
      ')',
      '<',
      '>',
      '|',
      '\\',
      ' ',
      'word',
      'https://a.b',
      `<@${ada}>`,
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const body = pieces.join('')
        const count = (said: string) => said.split('word').length
        assert.ok(count(JSON.stringify(parse(body))) >= count(body))
      }),
      { numRuns: 500, examples: [[['```', 'word', '*', '# ', '\n', '*', '```']]] },
    )
  })
})
