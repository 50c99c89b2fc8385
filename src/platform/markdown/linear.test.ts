import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readAfresh } from './read.ts'
import { finds, hostileParts, hostilePrefixes, repeated } from './testing.ts'

// Nothing is timed here: steps are counted, and what takes steps for each character of a body is linear. The processor
// time that it comes to is measured by `npm run attack -- bodies`.

/** Twelve levels of quotes or items, each of which looks at the rest of the line again, and a few steps besides. */
const mostStepsPerCharacter = 20

const isLinear = (body: string, what: string) => {
  const { steps } = readAfresh(body)
  assert.ok(steps <= mostStepsPerCharacter * body.length, `${what}: ${steps} steps for ${body.length} characters`)
}

test('whatever is repeated, its reading takes so many steps a character', () => {
  for (const part of hostileParts)
    for (const prefix of hostilePrefixes)
      isLinear(repeated(2_000, prefix, part), `${JSON.stringify(prefix)} + ${JSON.stringify(part)}`)
})

test('what was found to be worst takes no more at 20,000 characters', () => {
  for (const [prefix, part, suffix] of finds) isLinear(repeated(20_000, prefix, part, suffix), JSON.stringify(part))
})

test('whatever is mixed, its reading takes so many steps a character', () => {
  const some = fc.array(fc.constantFrom(...hostileParts), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(some, some, fc.constantFrom(...hostilePrefixes), (parts, others, prefix) => {
      const half = repeated(2_000, prefix, parts.join(''))
      isLinear(repeated(4_000, half, others.join('')), JSON.stringify([prefix, parts, others]))
    }),
    { numRuns: 200 },
  )
})

test('a tree is at most so deep that a page can draw it', () => {
  const depthOf = (node: unknown): number =>
    Array.isArray(node)
      ? Math.max(0, ...node.map(depthOf))
      : typeof node === 'object' && node !== null
        ? 1 + Math.max(0, ...Object.values(node).map(depthOf))
        : 0
  for (const [part, other] of [
    ['> ', ''],
    ['- ', ''],
    ['*a ', '*'],
    ['**a ', '** '],
    ['*a **b ~~c ', '~~ ** * '],
    ['> - ', ''],
    ['[', '](https://a.example)'],
  ])
    assert.ok(depthOf(readAfresh(part!.repeat(400) + other!.repeat(400)).tree) <= 40)
})
