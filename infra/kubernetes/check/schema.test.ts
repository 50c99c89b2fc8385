// That a field which no schema knows is found wherever it is put: one by one, into every object of every depth that the
// overlays have. Only maps may take any name.
import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { type Fields, isFields, type Json, type KubeObject } from './objects.ts'
import { filesOf, render } from './render.ts'
import { misshapen } from './schema.ts'

const maps = /\.(?:labels|annotations|matchLabels|data|parameters)$|^Service\.spec\.selector$/

/** Objects within objects, each way to one once: `Deployment.spec.template.spec.containers[]`. */
function* within(value: Json | undefined, way: string, seen: Set<string>): Generator<{ fields: Fields; way: string }> {
  if (isFields(value) && !seen.has(way)) {
    seen.add(way)
    yield { fields: value, way }
  }
  if (Array.isArray(value)) for (const each of value) yield* within(each, `${way}[]`, seen)
  else if (isFields(value)) for (const [key, each] of Object.entries(value)) yield* within(each, `${way}.${key}`, seen)
}

const isOdd = async (object: KubeObject, fields: Fields, field: string, value: Json): Promise<boolean> => {
  const before = fields[field]
  fields[field] = value
  const findings = await misshapen(object)
  if (before === undefined) delete fields[field]
  else fields[field] = before
  return findings.length > 0
}

test('an unknown field is found at every depth of every kind, and so is a value of the wrong type', async () => {
  const files = filesOf(path.resolve(import.meta.dirname, '..'))
  const seen = new Set<string>()
  const [unfound, mistaken]: [string[], string[]] = [[], []]
  for (const overlay of ['aws/standby', 'local/cloudnative-pg'])
    for (const object of render(files, `overlays/${overlay}`).objects)
      for (const { fields, way } of within(object, object.kind, seen)) {
        const found = await isOdd(object, fields, 'whale', 'unknown')
        if (!found && !maps.test(way)) unfound.push(way)
        if (found && maps.test(way)) mistaken.push(way)
        for (const [field, value] of Object.entries(fields))
          if (typeof value === 'number' || typeof value === 'boolean')
            if (!(await isOdd(object, fields, field, {}))) unfound.push(`${way}.${field}`)
      }
  assert.ok(seen.size > 200, `${seen.size} places were tried`)
  assert.deepEqual(unfound, [])
  assert.deepEqual(mistaken, [])
})
