import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Type as Real } from 'typebox'
import { Type } from './typebox.ts'

const shapes = (type: typeof Real) => [
  type.String({ minLength: 1, description: 'A name.' }),
  type.Integer({ minimum: 0 }),
  type.Number(),
  type.Boolean(),
  type.Null(),
  type.Literal('welcome'),
  type.Enum(['owner', 'member'], { description: 'A role.' }),
  type.Array(type.String(), { maxItems: 20 }),
  type.Union([type.String(), type.Null()], { description: 'Or nothing.' }),
  type.Object({ name: type.String(), topic: type.Optional(type.String()) }, { additionalProperties: false }),
  type.Object({ topic: type.Optional(type.String()) }),
  type.Record(type.String(), type.Integer()),
]

test('the stand-in writes the same JSON Schema as TypeBox', () => {
  const [ours, theirs] = [shapes(Type as unknown as typeof Real), shapes(Real)]
  for (const [at, theirShape] of theirs.entries()) {
    assert.deepEqual(JSON.parse(JSON.stringify(ours[at])), JSON.parse(JSON.stringify(theirShape)))
  }
})

test('the stand-in knows every shape that a contract uses', () => {
  const files = globSync(['*/contract.ts', '*/shapes.ts', 'platform/contract/*.ts'], {
    cwd: `${import.meta.dirname}/..`,
  })
  assert.ok(files.length > 5)
  for (const file of files) {
    const text = readFileSync(`${import.meta.dirname}/../${file}`, 'utf8')
    for (const [, name = ''] of text.matchAll(/\bType\.(\w+)/g)) assert.ok(name in Type, `${file} uses Type.${name}`)
  }
})
