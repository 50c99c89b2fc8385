import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { plantedFaults } from './faults.ts'

const source = path.resolve(import.meta.dirname, '../../src')

test('every planted fault still fits the code that it changes', async () => {
  for (const { name, code = [] } of plantedFaults)
    for (const { file, from, to } of code) {
      const before = await readFile(path.join(source, file), 'utf8')
      assert.notEqual(before.replace(from, to), before, `${name} does not fit ${file}`)
    }
})
