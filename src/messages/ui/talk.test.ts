import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mentionsIn } from '../rules.ts'
import { parse, words, type Block, type Inline } from './markdown.ts'

// What people write to each other, and what they mean by it. A short notation of the tree stands for it here.

const inline = (children: readonly Inline[]): string =>
  children
    .map((each) => {
      switch (each.kind) {
        case 'text':
          return each.text
        case 'break':
          return '⏎'
        case 'code':
          return `{code:${each.text}}`
        case 'mention':
          return '{@}'
        case 'channel':
          return '{@channel}'
        case 'link':
          return `{${each.href}|${inline(each.children)}}`
        case 'strong':
        case 'em':
        case 'strike':
          return `{${each.kind}:${inline(each.children)}}`
      }
    })
    .join('')
const block = (each: Block): string => {
  switch (each.kind) {
    case 'paragraph':
      return inline(each.children)
    case 'fence':
      return `{fence ${each.language}:${each.text}}`
    case 'quote':
      return `{quote:${tree(each.children)}}`
    case 'list':
      return `{list ${each.start ?? '-'}:${each.items.map((item) => (item.number ?? '') + tree(item.children)).join(' | ')}}`
    case 'table':
      return `{table:${[each.head, ...each.rows].map((row) => row.map(inline).join(' | ')).join(' / ')}}`
    case 'rule':
      return '{rule}'
  }
}
const tree = (blocks: readonly Block[]): string => blocks.map(block).join(' ¶ ')
const read = (body: string) => tree(parse(body))
const same = (bodies: readonly string[]) => {
  for (const body of bodies) assert.equal(read(body), body.replaceAll('\n', '⏎'), body)
}
const reads = (pairs: Record<string, string>) => {
  for (const [body, right] of Object.entries(pairs)) assert.equal(read(body), right, body)
}

describe('signs that are no marks', () => {
  test('one tilde is a range, an about, or a wave', () => {
    same([
      '10~20, then 30~40',
      '9~12時、13~17時',
      '~100~200 MB',
      'v1~v2~v3',
      '~/a and ~/b',
      '(~5 min) or (~10 min)',
      'hi~',
      '~~~ hi ~~~',
      '10~~20, 30~~40',
      'a ~ b ~~',
    ])
    reads({
      '~~gone~~': '{strike:gone}',
      'a ~~b c~~, d': 'a {strike:b c}, d',
      'これは~~だめ~~です': 'これは{strike:だめ}です',
    })
  })

  test('names, products, powers, patterns, pointers and faces stay as they are', () => {
    same([
      'snake_case_names',
      '_private and _other',
      '__init__ and __main__.py',
      '2*3*4',
      'x*y*z',
      '2 * 3 * 4',
      '2**10 + 3**4',
      'x**2 + y**2',
      '*.ts and *.js',
      '(*.ts, *.js)',
      '*.*',
      'src/**/*.ts or lib/**/*.ts',
      'f(*args, **kwargs)',
      'int *p, *q',
      '*p = a*b',
      'f**k and s**t',
      'sh*t, f*ck',
      '-_- and -_-',
      '>_< >_<',
      '^_^ (^_^)',
      '(._.) (._.)',
      '*_*',
      ':* and :-*',
      'price* and tax*',
      '5 stars: *****',
      'Name: ____ Date: ____',
      '****',
      '$HOME_DIR and $MY_VAR',

      'a * b',
    ])
  })

  test('a star or underscore that finds its pair on another line is a foot note', () => {
    same(['*except Sundays\n*and holidays*ish', '5* and\nso*', '_x\ny_'])
    reads({ '**two\nlines**': '{strong:two⏎lines}' })
  })

  test('what is meant is a mark', () => {
    reads({
      '*a*': '{em:a}',
      _a_: '{em:a}',
      '**a**': '{strong:a}',
      '__a b__': '{strong:a b}',
      '***a***': '{strong:{em:a}}',
      '**a *b***': '{strong:a {em:b}}',
      '*a **b***': '{em:a {strong:b}}',
      '***a** b*': '{em:{strong:a} b}',
      '(*a*), "_b_"; **c**!': '({em:a}), "{em:b}"; {strong:c}!',
      'un**believ**able': 'un{strong:believ}able',
      '**Helsinki**ssä': '{strong:Helsinki}ssä',
      '*Helsinki*ssä': '{em:Helsinki}ssä',
      '**yes**/**no**': '{strong:yes}/{strong:no}',
      '**a~~b~~**': '{strong:a{strike:b}}',
      '**100**km': '{strong:100}km',
      '*🐳*': '{em:🐳}',
    })
  })

  test('marks stand beside the signs and letters of every script', () => {
    reads({
      '**「重要」**です': '{strong:「重要」}です',
      'これは**「重要」**です': 'これは{strong:「重要」}です',
      '**重要。**次へ': '{strong:重要。}次へ',
      '这是**“重点”**内容': '这是{strong:“重点”}内容',
      '*（注意）*です': '{em:（注意）}です',
      'これは*大事*です': 'これは{em:大事}です',
      '**중요**합니다': '{strong:중요}합니다',
      '**"강조"**는': '{strong:"강조"}는',
      'นี่คือ**สำคัญ**มาก': 'นี่คือ{strong:สำคัญ}มาก',
      'هذا **«مهم»** جدا': 'هذا {strong:«مهم»} جدا',
      'это **«важно»**, да': 'это {strong:«важно»}, да',
      '🎉**new**🎉': '🎉{strong:new}🎉',
    })
    same(['変数_名前_値', 'переменная_имя_тут', 'متغير_اسم_هنا'])
  })

  test('a backtick in a word is an apostrophe', () => {
    same(['it`s here and that`s all', 'don`t'])
    reads({
      'run `it`': 'run {code:it}',
      'これは`code`です': 'これは{code:code}です',
      '`` x`y ``': '{code:x`y}',
      '`a*b*c`': '{code:a*b*c}',
    })
  })

  test('a backslash is a sign of its own where the next one would mean nothing', () => {
    same([
      'C:\\dir\\_x_',
      'C:\\new\\*.txt',
      '\\\\server\\share_name_x',
      '\\d+\\.\\w*',
      '¯\\_(ツ)_/¯',
      'a \\ b',
      'a\\',
      '\\[a-z\\]',
      '\\o/',
      'C:\\dir\\\nD:\\',
    ])
    reads({
      '\\*a\\*': '*a*',
      '\\**a**': '**a**',
      '\\_a_': '_a_',
      '\\`a`': '`a`',
      '\\# a': '# a',
      '1\\. a': '1. a',
      '\\> a': '> a',
      '\\- a': '- a',
      '\\~~a~~': '~~a~~',
      '\\[a](https://a.example)': '[a]({https://a.example/|https://a.example})',
    })
  })

  test('HTML, entities and definitions are text', () => {
    same(['<tag>', 'a &amp; b &lt;', '<!-- x -->', 'a <b>c</b>', '&#42;a&#42;', 'x < y > z', '<3', '->'])
  })
})

describe('lines', () => {
  test('no line makes a heading of the one above it', () => {
    reads({
      'a\n===': 'a⏎===',
      'Total\n---\nmore': 'Total ¶ {rule} ¶ more',
      'a\n-': 'a⏎-',
      'a\n***\nb': 'a⏎***⏎b',
      'Name:\n____': 'Name:⏎____',
    })
  })

  test('no mark without a space behind it', () => {
    same([
      '#channel',
      '#1 of 3',
      '+1',
      '-1',
      '-5 °C',
      '*a',
      '>5 people',
      '>:(',
      '1.5 km',
      '1986.',
      '+ and this',
      '-- a',
      '– a',
    ])
    reads({
      '# a': '{strong:a}',
      '## a #b': '{strong:a #b}',
      '- a': '{list -:a}',
      '* a': '{list -:a}',
      '> a': '{quote:a}',
      '2) b': '{list 2:b}',
    })
  })

  test('a number that begins a sentence begins no list', () => {
    same(['1986. What a year', 'I was born in\n86. That is long ago'])
    reads({
      'see:\n1. a\n2. b': 'see: ¶ {list 1:a | b}',
      '3. a\n5. b\n7. c': '{list 3:a | 5b | 7c}',
      '1. a\n1. b\n1. c': '{list 1:a | b | c}',
    })
  })

  test('a quote and an item end with their lines', () => {
    reads({
      '> quoted\nmy answer': '{quote:quoted} ¶ my answer',
      '- one\n- two\nThanks!': '{list -:one | two} ¶ Thanks!',
      '- one\n  still one\n  - inside\n- two': '{list -:one⏎still one ¶ {list -:inside} | two}',
      '1. a\n  - b\n2. c': '{list 1:a ¶ {list -:b} | c}',
      '- a\n\n- b': '{list -:a | b}',
      '> a\n> > b': '{quote:a ¶ {quote:b}}',
    })
  })

  test('indentation makes no code, and is kept', () => {
    same(['    look at this', 'if a:\n    b\n\tc'])
    reads({ 'a:\n\n    b': 'a: ¶     b' })
  })

  test('a table needs bars in its head, below it, and in its rows', () => {
    reads({
      '|a|b|\n|-|:-:|\n|1|2|\nsaid I': '{table:a | b / 1 | 2} ¶ said I',
      'a | b\n--- | ---\n1 | 2 | 3': '{table:a | b / 1 | 2 | 3}',
      'a | b\nc | d': 'a | b⏎c | d',
      'a | b\n---': 'a | b ¶ {rule}',
      '| a |\n|---|\n| `x \\| y` \\| z |': '{table:a / {code:x | y} | z}',
    })
  })

  test('code goes on to its end', () => {
    reads({
      '```ts\na\n\n  b\n```\nc': '{fence ts:a\n\n  b} ¶ c',
      '```\na': '{fence :a}',
      'see: ```\na\n```\nthanks': 'see: ¶ {fence :a} ¶ thanks',
      '```const a = 1\nb```\nc': '{fence :const a = 1\nb} ¶ c',
      '```js\na```\nc': '{fence js:a} ¶ c',
      'use ``` to open a fence': 'use ``` to open a fence',
      '~~~\na\n~~~': '{fence :a}',
      '~~~ see you\nlater': '~~~ see you⏎later',
      '````\n```\n````': '{fence :```}',
      '- a\n  ```\n  b\n  ```': '{list -:a ¶ {fence :b}}',
    })
  })

  test('a space at the end of a line is none', () => {
    reads({ 'a  \nb': 'a⏎b', 'a\r\nb\r\n\r\nc': 'a⏎b ¶ c' })
  })
})

describe('what shows nothing', () => {
  test('a message of marks alone is shown as it was typed', () => {
    same([
      '#',
      '##',
      '>',
      '-',
      '*',
      '_',
      '~',
      '`',
      '```',
      '~~~',
      '****',
      '**',
      '~~~~',
      '---',
      '***',
      '* * *',
      '- -',
      '- [ ]',
      '>>>',
      '> >',
      '> -',
      '1.',
      '|',
      '||',
      '|-|',
      '[]()',
      '[](',
      '` `',
      '\\',
      '#\n>\n-',
      '- \n- ',
      '||\n|-|',
      '```\n```',
      '|  |\n|---|\n|  |',
    ])
  })

  test('a link without words shows its address', () => {
    reads({
      '[](https://example.com/hidden)': '{https://example.com/hidden|https://example.com/hidden}',
      '[ ](https://example.com)': '{https://example.com/|https://example.com}',
      '![](https://example.com/a.png)': '{https://example.com/a.png|https://example.com/a.png}',
      '[\u200b](https://example.com)': '{https://example.com/|https://example.com}',
    })
    assert.equal(
      words('[](https://example.com)', () => ''),
      'https://example.com',
    )
  })

  test('an empty heading, quote, item or table among other text is shown as it was typed', () => {
    reads({
      'a\n\n#\n\nb': 'a ¶ # ¶ b',
      'a\n>\nb': 'a ¶ > ¶ b',
      'a\n\n-\n\nb': 'a ¶ - ¶ b',
      '- a\n-\n- b': '{list -:a |  | b}',
      'a\n```\n```\nb': 'a ¶ ```⏎``` ¶ b',
      'a **** b ** **': 'a **** b ** **',
    })
  })

  test('labels and lists have what the screen has', () => {
    for (const body of ['#', '****', '10~20, then 30~40', '- ', '---'])
      assert.equal(
        words(body, () => ''),
        body.trim(),
      )
  })
})

describe('addresses', () => {
  const links = (body: string) => [...read(body).matchAll(/\{([^{}\s|]+)\|/g)].map(([, href]) => href)

  test('the punctuation of every script ends one', () => {
    reads({
      '見て https://example.com/path。次へ': '見て {https://example.com/path|https://example.com/path}。次へ',
      '（https://example.com/x）': '（{https://example.com/x|https://example.com/x}）',
      'https://example.com/a、https://example.com/b':
        '{https://example.com/a|https://example.com/a}、{https://example.com/b|https://example.com/b}',
      'https://example.comを見て': '{https://example.com/|https://example.com}を見て',
      'www.example.com。': '{http://www.example.com/|www.example.com}。',
      'ada@example.comまで': '{mailto:ada@example.com|ada@example.com}まで',
    })
    for (const sign of '。、，；：！？（）「」『』【】《》〈〉〔〕…“”«»—｡､｢｣～〜｜؟،؛।')
      for (const address of ['https://example.com/x', 'www.example.com/x'])
        assert.equal(links(`${address}${sign}次へ`)[0], `${address.startsWith('w') ? 'http://' : ''}${address}`, sign)
    for (const sign of '.,;:!?\'"*_~)]}>')
      assert.equal(links(`https://example.com/x${sign} b`)[0], 'https://example.com/x', sign)
  })

  test('hosts of every script are hosts', () => {
    for (const host of [
      '例え.テスト',
      'пример.рф',
      'مثال.إختبار',
      'münchen.example',
      '한국.한국',
      'உதாரணம்.இந்தியா',
      'xn--r8jz45g.example',
      'localhost:8080',
      '127.0.0.1',
      '[::1]:8080',
      '🐳.example',
    ])
      for (const body of [`https://${host}/パス`, `見てhttps://${host}/パス。`])
        assert.equal(links(body).length, 1, body)
    assert.deepEqual(links('www.例え.テスト'), ['http://www.xn--r8jz45g.xn--zckzah/'])
  })

  test('a host that is longer than any is none: it would take a second', () => {
    for (const host of ['漢'.repeat(600), '漢.'.repeat(300), `${'a'.repeat(600)}.example`])
      same([`https://${host}/x`, `www.${host}`, `[a](https://${host})`])
    assert.equal(links(`https://a.example/${'漢'.repeat(3000)}`).length, 1)
  })

  test('an address keeps what belongs to it', () => {
    for (const address of [
      'https://en.wikipedia.org/wiki/Foo_(bar)',
      'https://a.example/x_y_z',
      'https://a.example/a*b*c',
      'https://a.example/~ada/~b',
      'https://a.example/?a=b&c=d#e',
      'https://a.example/a-b/',
      'https://ja.wikipedia.org/wiki/レオナルド・ダ・ヴィンチ',
      'https://a.example/@ada/1',
    ])
      assert.equal(read(`(see ${address}), ok`).match(/\|([^}]+)\}/)?.[1], address)
    assert.deepEqual(links('**https://a.example/x** _https://a.example/y_'), [
      'https://a.example/x',
      'https://a.example/y',
    ])
  })

  test('what cannot be seen is no part of one', () => {
    for (const sign of ['\u200b', '\u2060', '\ufeff', '\u202e', '\u00ad', '\u3164'])
      assert.deepEqual(links(`https://example.com/a${sign}b`), ['https://example.com/a'], sign)
  })

  test('nobody is meant inside of one', () => {
    const id = '<@01890000-0000-7000-8000-00000000000a>'
    for (const body of [
      'https://a.example/@channel',
      'www.a.example/@channel/b',
      `https://a.example/${id}/b`,
      `[a](https://a.example/${id})`,
      '<https://a.example/@channel>',
      'ada@channel.example',
    ]) {
      assert.equal(links(body).length, 1, body)
      assert.doesNotMatch(read(body), /\{@/)
      assert.deepEqual(mentionsIn(body), { accountIds: [], channel: false })
    }
  })

  test('an address of mail is one, that of a repository is none', () => {
    assert.deepEqual(links('ada.l+x@mail.example, bob@例え.テスト'), [
      'mailto:ada.l+x@mail.example',
      'mailto:bob@xn--r8jz45g.xn--zckzah'.replace(/bob@.*/, links('bob@例え.テスト')[0]!.slice(7)),
    ])
    same(['git@example.com:team/it.git', 'a@b', '@ada', 'me@', '@2x.png'])
  })
})
