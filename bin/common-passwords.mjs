// Writes src/accounts/common-passwords.ts, the cut of @zxcvbn-ts/language-common's list of passwords that the rule for
// passwords would let pass: `node bin/run.mjs bin/common-passwords.mjs`, for a new version of that package.
import { readFileSync, writeFileSync } from 'node:fs'
import { at } from './place.mjs'

const most = 10_000
const fewestCharacters = 10
const widestLine = 116

const from = at('node_modules', '@zxcvbn-ts', 'language-common')
const { version } = JSON.parse(readFileSync(`${from}/package.json`, 'utf8'))
const licence = readFileSync(`${from}/LICENSE.txt`, 'utf8').trim()
/** Commonest first. */
const all = JSON.parse(readFileSync(`${from}/src/passwords.json`, 'utf8'))

const plain = (password) => password.normalize('NFKC').trim().toLowerCase()
const fits = (password) => Array.from(password).length >= fewestCharacters && new Set(password).size > 1
const cut = [...new Set(all.map(plain).filter(fits))].slice(0, most).sort((one, other) => (one < other ? -1 : 1))
const odd = cut.find((password) => /[\s`\\]|\$\{/.test(password))
if (odd !== undefined) throw new Error(`The file has no way to write ${JSON.stringify(odd)}.`)

const lines = ['']
for (const password of cut) {
  const line = lines.at(-1)
  if (line && line.length + 1 + password.length > widestLine) lines.push(password)
  else lines[lines.length - 1] = line ? `${line} ${password}` : password
}
writeFileSync(
  process.argv[2] ?? at('src/accounts/common-passwords.ts'),
  `// Made by bin/common-passwords.mjs from @zxcvbn-ts/language-common ${version}. Long, because it is a list: the
// ${cut.length.toLocaleString('en')} of its ${all.length.toLocaleString('en')} passwords that have at least ${fewestCharacters} characters, in small letters.
//
${licence.replace(/^/gm, '// ').replace(/ +$/gm, '')}

/** With a space or the end of a line between them. */
export const commonPasswords = \`
${lines.join('\n')}
\`
`,
)
process.stdout.write(`${cut.length} passwords\n`)
