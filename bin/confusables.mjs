// Writes src/platform/text/confusables.ts, the cut of Unicode's table of characters that look alike, for a new version
// of Unicode: `node bin/run.mjs bin/confusables.mjs <path to confusables.txt>`. The file is published with UTS 39, under
// https://www.unicode.org/Public/security/.
import { readFileSync, writeFileSync } from 'node:fs'
import { at } from './place.mjs'

const source = readFileSync(process.argv[2] ?? 'confusables.txt', 'utf8')
const version = /^# Version: (.+)$/m.exec(source)?.[1]
if (!version) throw new Error('This is not confusables.txt of UTS 39: it names no version.')

const sign = (code) => String.fromCodePoint(Number.parseInt(code, 16))
const table = new Map()
for (const [, from, to] of source.matchAll(/^([0-9A-F]+) ;\t([0-9A-F ]+) ;/gm))
  table.set(sign(from), to.trim().split(' ').map(sign).join(''))

// What compatibility decomposition and the rest of the table say anyway is left out: it is applied before the table too.
const mapped = (text) => Array.from(text, (one) => table.get(one) ?? one).join('')
const byTarget = new Map()
for (const [from, to] of table) {
  // Spaces are compared as spaces.
  if (/\s/u.test(from + to)) continue
  const apart = from.normalize('NFKD')
  if (apart !== from && mapped(apart).normalize('NFKD') === mapped(to).normalize('NFKD')) continue
  byTarget.set(to, (byTarget.get(to) ?? '') + from)
}
const escaped = (text) =>
  Array.from(text, (one) =>
    /[\p{L}\p{N}]/u.test(one) && !/\p{Default_Ignorable_Code_Point}/u.test(one) && /^\P{M}$/u.test(one) && one !== '\\'
      ? one
      : /^[!-~]$/.test(one) && one !== '`' && one !== '\\' && one !== '$'
        ? one
        : `\\u{${one.codePointAt(0).toString(16)}}`,
  ).join('')
const lines = [...byTarget].map(([to, from]) => `${escaped(to)} ${escaped(from)}`)
writeFileSync(
  at('src/platform/text/confusables.ts'),
  `// Made by bin/confusables.mjs from confusables.txt of UTS 39, version ${version}. Long, because it is a table.
//
// Unicode data: Copyright © 1991-2025 Unicode, Inc., under the Unicode License v3 (SPDX: Unicode-3.0,
// https://www.unicode.org/license.txt), which asks that this notice goes along with copies of the data.

/** The version of Unicode that the table is cut from. */
export const confusablesVersion = '${version}'

/** A line each: what stands for them all, a space, the characters that look like it. */
export const confusables = \`
${lines.join('\n')}
\`
`,
)
process.stdout.write(`${lines.length} lines, ${[...byTarget.values()].join('').length} characters\n`)
