import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { createFormats } from './format.ts'
import { isolated } from './isolate.ts'

const [noa, layla] = ['נועה', 'ليلى']

test('words from right to left are isolated in a sentence, and others stay as they are', () => {
  assert.equal(`${isolated(noa)} is muted`, `\u2068${noa}\u2069 is muted`)
  assert.equal(isolated('Grace Okafor'), 'Grace Okafor')
  assert.equal(isolated('#港-team 11.1'), '#港-team 11.1')
  assert.equal(createFormats().list([noa, 'Ada', layla]), `\u2068${noa}\u2069, Ada and \u2068${layla}\u2069`)
})

test('what is isolated ends where its words end, whatever signs they bring', () => {
  const depths = (text: string) => {
    let depth = 0
    return Array.from(text, (sign) => (depth += /[\u2066-\u2068]/.test(sign) ? 1 : sign === '\u2069' ? -1 : 0))
  }
  for (const words of [
    noa,
    `\u2069${noa}`,
    `${noa}\u2067`,
    `\u2069\u2067${noa}`,
    `\u2068${noa}\u2069, Ada`,
    isolated(noa),
  ]) {
    const inside = depths(isolated(words)).slice(0, -1)
    assert.ok(
      inside.every((depth) => depth > 0),
      JSON.stringify(words),
    )
    assert.equal(depths(isolated(words)).at(-1), 0, JSON.stringify(words))
  }
})

test('no string of the screen puts a name or a topic beside other words without isolating it', () => {
  const src = path.resolve(import.meta.dirname, '../..')
  const files = readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
    .map((entry) => path.relative(src, path.join(entry.parentPath, entry.name)))
    // The health page names processes and servers, which people do not.
    .filter((file) => /^web\/|\/ui\//.test(file) && !file.startsWith('admin/'))
  assert.ok(files.length > 150, String(files.length))
  const named = /\$\{(?!isolated|spokenName|nameFor)[^{}]*(\b(place)?[nN]ame!?|\btopic|[nN]ame(Of|For)?\([^{}]*\))\}/
  const lines = files.flatMap((file) =>
    readFileSync(path.join(src, file), 'utf8')
      .split('\n')
      .filter((line) => named.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  )
  const allowed = [
    // What is written in a composer, or compared with it: there a sign more would be another text.
    /^messages\/ui\/(mentions|mention-clipboard|meant|Writing)\.ts/,
    // `spokenName` made it, and isolated it.
    /^conversations\/ui\/(conversation-verbs\.ts|ConfirmDialogs\.tsx): /,
    // No name that people gave: an address of the settings, and a browser.
    /\/settings\/\$\{section\.name\}/,
    /deviceName\(|`End \$\{name\}`/,
    // Isolated as a whole.
    /isolated\(.*`#\$\{/,
    /list\(|`#\$\{channels\[at\]/,
  ]
  assert.deepEqual(
    lines.filter((line) => !allowed.some((each) => each.test(line))),
    [],
  )
  assert.ok(lines.length >= 10, 'the pattern still finds what it looks for')
})
