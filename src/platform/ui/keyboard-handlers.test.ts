import assert from 'node:assert/strict'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'

// One function says which keys belong to an input method, and one listener, the first of the page, keeps them from all
// others. This holds whoever writes the next handler to it.

const src = path.resolve(import.meta.dirname, '../..')

/** What is wrong in one file of the UI, in words. */
function faults(file: string, source: string): string[] {
  const found: string[] = []
  if (/\bisComposing\b|\bkeyCode\b|\.which\b|\b229\b/.test(source))
    found.push('judges compositions itself: keyboard.ts does, and no handler is given their keys')
  // The listener is about presses: after a composition a release or `keypress` could be anything.
  if (/\bonKey(Up|Press)|['"]key(up|press)['"]/.test(source)) found.push('hears keys other than by keydown')
  return found.map((what) => `${file} ${what}`)
}

test('every handler of keys hears them behind the one that keeps those of input methods', async () => {
  const names = (await readdir(src, { recursive: true }))
    .map((name) => name.replaceAll(path.sep, '/'))
    .filter((name) => /(^|\/)(ui|web)\/.*\.tsx?$/.test(name) && !name.endsWith('.test.ts'))
  const files = await Promise.all(
    names.map(async (name) => [name, await readFile(path.join(src, name), 'utf8')] as const),
  )
  const handlers = files.filter(([, source]) => /onKeyDown|['"]keydown['"]/.test(source))
  assert.ok(handlers.length > 8, 'the handlers were found')
  const found = files.flatMap(([name, source]) => (name === 'platform/ui/keyboard.ts' ? [] : faults(name, source)))
  assert.deepEqual(found, [])

  // A listener on the window that is there earlier would be asked earlier: modules make none when they load.
  const early = files.filter(
    ([name, source]) => name !== 'web/main.tsx' && /^(window\.|document\.)?addEventListener\(/m.test(source),
  )
  assert.deepEqual(
    early.map(([name]) => name),
    [],
  )
  const main = files.find(([name]) => name === 'web/main.tsx')![1]
  const [first] = main.split('\n').filter((line) => line !== '' && !/^(import|\/\/|\/\*| \*)/.test(line))
  assert.equal(first, 'keepKeysOfInputMethods()', 'the first thing that the page does')
})

test('it is noticed: a handler that judges for itself, and one of another event', () => {
  assert.equal(faults('a.tsx', 'if (event.nativeEvent.isComposing) return').length, 1)
  assert.equal(faults('a.tsx', 'if (event.keyCode === 229) return').length, 1)
  assert.equal(faults('a.tsx', '<input onKeyUp={send} />').length, 1)
  assert.equal(faults('a.tsx', "addEventListener('keypress', send)").length, 1)
  assert.equal(faults('a.tsx', '<input onKeyDown={send} />').length, 0)
})
