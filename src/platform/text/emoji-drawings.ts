import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

// The drawings of emoji, as the build of the UI takes them from their package (docs/decisions/20261201-emoji-drawings.md).
// Nothing that runs on the server imports this file.

export interface Drawings {
  /** Changes with every stroke: a part of the address, so that a browser may keep a drawing for ever. */
  edition: string
  /** Code points as `codePointsOf` has them → the whole SVG. */
  files: ReadonlyMap<string, string>
}

/** Goes along with every copy, as the licences ask. */
export const emojiNotices = `Drawings: Fluent Emoji, Copyright (c) Microsoft Corporation.
Names and search words of emoji: emojibase, Copyright (c) 2017-2019 Miles Johnson, made from Unicode's CLDR,
Copyright (c) 1991-2025 Unicode, Inc., under the Unicode License v3 (https://www.unicode.org/license.txt).

MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`

interface Icons {
  icons: Record<string, { body: string }>
  aliases: Record<string, { parent: string; hFlip?: boolean }>
}

/** Of mirrored drawings the package says the name alone: whose they are, by the code point of the one they mirror. */
const mirrored: Readonly<Record<string, string>> = { '1f448': '1f449' }

export function readDrawings(): Drawings {
  const resolve = createRequire(import.meta.url).resolve
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(resolve(`@iconify-json/fluent-emoji-flat/${name}.json`), 'utf8'))
  const { icons, aliases } = read('icons') as Icons
  const files = new Map<string, string>()
  const draw = (name: string, body: string) =>
    files.set(name, `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 32 32">${body}</svg>`)
  const flipped = new Set(Object.values(aliases).flatMap(({ parent, hFlip }) => (hFlip ? [parent] : [])))
  for (const [padded, icon] of Object.entries(read('chars') as Record<string, string>)) {
    const [first = '', ...rest] = padded
      .split('-')
      .map((code) => Number.parseInt(code, 16).toString(16))
      .filter((code) => code !== 'fe0f')
    const body = icons[icon]?.body
    if (body === undefined) continue
    draw([first, ...rest].join('-'), body)
    const other = flipped.has(icon) ? mirrored[first] : undefined
    if (other) draw([other, ...rest].join('-'), `<g transform="matrix(-1 0 0 1 32 0)">${body}</g>`)
  }
  const hash = createHash('sha256')
  for (const name of [...files.keys()].sort()) hash.update(`${name}\0${files.get(name)!}\0`)
  return { edition: hash.digest('hex').slice(0, 8), files }
}
