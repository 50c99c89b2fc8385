// Writes what the UI knows of emoji, for a new version of Unicode or of the drawings:
//   node bin/run.mjs bin/emoji.mjs <path to en/data.json of the npm package emojibase-data>
// src/platform/ui/emoji-drawn.ts says which emoji have a drawing, src/messages/ui/emoji-data.ts is what the picker offers.
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { at } from './place.mjs'

const { codePointsOf, emojiOf, inTone, skinTones, withoutTone } = await import(
  pathToFileURL(at('src/platform/contract/emoji.ts')).href
)
const { readDrawings } = await import(pathToFileURL(at('src/platform/text/emoji-drawings.ts')).href)

const source = process.argv[2]
if (!source) throw new Error('Say where en/data.json of emojibase-data is.')
const all = JSON.parse(readFileSync(source, 'utf8')).flatMap((each) => {
  const emoji = emojiOf(each.emoji)
  // Letters of flags and the like, which are no emoji by themselves.
  return emoji === undefined || each.group === undefined ? [] : [{ ...each, emoji }]
})
const { edition, files } = readDrawings()
const isDrawn = (emoji) => files.has(codePointsOf(emoji))
const tonesOf = (each) => (each.skins ?? []).map((skin) => emojiOf(skin.emoji)).filter((emoji) => emoji !== undefined)

// ── Which have a drawing: all but those that a rule or a list names ──
// The flags of countries and regions are a rule.
const isRegion = (emoji) => /^\p{RI}|[\u{e0020}-\u{e007f}]/u.test(emoji)
const undrawn = []
let [total, drawn] = [0, 0]
for (const each of all) {
  const own = [each.emoji, ...tonesOf(each)]
  total += own.length
  drawn += own.filter(isDrawn).length
  if (isRegion(each.emoji)) {
    if (own.some(isDrawn)) throw new Error(`${each.emoji} has a drawing: the rule for flags no longer holds.`)
    continue
  }
  const missing = own.filter((emoji) => !isDrawn(emoji))
  if (missing.length === own.length) undrawn.push(each.emoji)
  // Only the plain one, or only those in tones: the list says which.
  else if (missing.length > 0 && missing.length === own.length - 1 && isDrawn(each.emoji))
    undrawn.push(`${each.emoji}+`)
  else for (const emoji of missing) undrawn.push(`=${emoji}`)
}

writeFileSync(
  at('src/platform/ui/emoji-drawn.ts'),
  `// Made by bin/emoji.mjs.

/** Of the drawings: a part of their addresses. */
export const drawingsEdition = '${edition}'

/**
 * Emoji without a drawing, beside the flags of countries and regions: with all their tones; with \`+\`, those in tones
 * alone; behind \`=\`, exactly this one.
 */
export const undrawn = \`${undrawn.join(' ')}\`
`,
)

// ── What the picker offers ──
const names = {
  0: 'Smileys & emotion',
  1: 'People & body',
  3: 'Animals & nature',
  4: 'Food & drink',
  5: 'Travel & places',
  6: 'Activities',
  7: 'Objects',
  8: 'Symbols',
  9: 'Flags',
}
// What is neither drawn nor old enough for most devices would be an empty box.
const newest = 15.1
const lines = Object.entries(names).map(([group, name]) => {
  const list = all
    .filter((each) => each.group === Number(group) && (isDrawn(each.emoji) || each.version <= newest))
    .sort((one, other) => one.order - other.order)
    .map(({ emoji, label, tags = [], skins }) => {
      const said = new Set(label.toLowerCase().split(/[\s:,-]+/))
      const more = tags.filter((tag) => !said.has(tag.toLowerCase()))
      const toned = inTone(emoji, skinTones[0])
      const tones = skins && toned !== emoji && emojiOf(toned) === toned && withoutTone(toned) === emoji ? '*' : ''
      return `${emoji}${tones} ${label}${more.length ? ` | ${more.join(' ')}` : ''}`
    })
  return { name, list }
})
const escaped = (text) => text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')
writeFileSync(
  at('src/messages/ui/emoji-data.ts'),
  `// Made by bin/emoji.mjs from emojibase-data. Long, because it is a table.
//
// Names and words: emojibase, Copyright © 2017-2019 Miles Johnson, under the MIT License, from Unicode's CLDR, Copyright ©
// 1991-2025 Unicode, Inc., under the Unicode License v3 (SPDX: Unicode-3.0), which ask that these notices go along.

/** By group: a line for each emoji, with \`*\` where it comes in skin tones, its name, and behind \`|\` other words for it. */
export const emojiTable: readonly { name: string; list: string }[] = [
${lines.map(({ name, list }) => `  {\n    name: '${name}',\n    list: \`\n${escaped(list.join('\n'))}\n\`,\n  },`).join('\n')}
]
`,
)
const offered = lines.reduce((sum, { list }) => sum + list.length, 0)
const bytes = [...files.values()].reduce((sum, svg) => sum + svg.length, 0)
process.stdout.write(
  `${drawn} of ${total} emoji are drawn (${files.size} files, ${(bytes / 1e6).toFixed(1)} MB, edition ${edition}); ${undrawn.length} exceptions; ${offered} offered\n`,
)
