import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

// What a page must not do by itself, because one place does it right for all.

const src = path.resolve(import.meta.dirname, '../..')
const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
  .map((entry) => path.relative(src, path.join(entry.parentPath, entry.name)))
  .filter((file) => /^web\/|\/ui\//.test(file))

const lines = (pattern: RegExp) =>
  files.flatMap((file) =>
    readFileSync(path.join(src, file), 'utf8')
      .split('\n')
      .filter((line) => pattern.test(line.replace(/^\s*(\/\/|\*|\/\*).*/, '')))
      .map((line) => `${file}: ${line.trim()}`),
  )
const outside = (pattern: RegExp, allowed: readonly RegExp[]) =>
  lines(pattern).filter((line) => !allowed.some((each) => each.test(line)))

test('whatever acts for an account goes through `call` and `Connection`, which say for which', () => {
  assert.ok(files.length > 150, String(files.length))
  const asking = /\b(fetch|sendBeacon|XMLHttpRequest|EventSource|WebSocket)\(/
  assert.ok(lines(asking).length >= 5)
  assert.deepEqual(
    outside(asking, [
      /^platform\/ui\/api\.ts: response = await fetch\(/,
      /^delivery\/ui\/connection\.ts: .*new WebSocket\(to, protocols\)/,
      // Without a session: whether the server is ready, and whether the page can be had.
      /\/readyz`/,
      /^web\/main\.tsx: .*fetch\('\/', /,
      // Not the browser's.
      /\bthis\.#?fetch\(|^\S+: (async )?(fetch|#fetch)\(|\?\?= fetch\(\)|conversations\.fetch\(/,
    ]),
    [],
  )
})

test('the browser’s storage and channels are reached where their absence is meant', () => {
  const reaching = /\b(localStorage|sessionStorage|indexedDB|BroadcastChannel)\b(?!')/
  const allowed = [/^platform\/ui\/(storage|channel)\.ts/, /^messages\/ui\/device-database\.ts/]
  assert.ok(lines(reaching).length >= 5)
  // Before the first paint there is no module yet.
  assert.deepEqual(outside(reaching, [...allowed, /^web\/public\/theme\.js/]), [])
})

test('times and figures are written by one formatter, which knows the chosen clock', () => {
  const writing =
    /\bIntl\.(DateTime|RelativeTime|Number)Format\b|\.toLocale(Date|Time)?String\(|\.get(UTC)?(Hours|Minutes)\(/
  assert.ok(lines(writing).length >= 5)
  assert.deepEqual(outside(writing, [/^platform\/ui\/format\.ts/]), [])
})

test('how long something lasts is not read from the device’s clock, which jumps', () => {
  assert.deepEqual(
    outside(/\bDate\.now\b|new Date\(\)/, [
      /^platform\/ui\/ticks\.ts/,
      // That it jumps is what these look for; and an age that is only written down, or taken both ways.
      /^delivery\/ui\/surroundings\.ts/,
      /changedAt: Date\.now\(\)/,
      /^web\/main\.tsx/,
    ]),
    [],
  )
})

test('a frame around a field and its buttons is ringed for the field alone: a button has its own ring', () => {
  const styles = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.css'))
  const rules = styles.flatMap((file) => readFileSync(path.join(src, file), 'utf8').match(/[^{}]+\{[^{}]*\}/g) ?? [])
  const rings = rules.filter((rule) => /\boutline: \dpx solid/.test(rule))
  assert.ok(rings.length >= 5, String(rings.length))
  assert.deepEqual(
    rings.filter((rule) => rule.includes(':focus-within')),
    [],
  )
})
