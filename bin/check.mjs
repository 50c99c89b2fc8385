// `npm run check`: the quick gate. All parts run side by side, so its time is that of the slowest.
import { existsSync } from 'node:fs'
import { stopping } from './child.mjs'
import { runOn } from './pinned-node.mjs'
import { at, say } from './place.mjs'

const parts = [
  { name: 'types', args: ['tsc', '--noEmit'] },
  { name: 'lint', args: ['oxlint', '--type-aware', '--deny-warnings', '--disable-nested-config'] },
  { name: 'format', args: ['oxfmt', '--check'] },
  { name: 'architecture', args: ['--test', '--test-isolation=none', 'src/platform/architecture.test.ts'] },
]

/** Runs every part and shows the output of those that failed. */
export async function check(node) {
  const results = await Promise.all(
    parts.map(async ({ name, args }) => {
      const began = Date.now()
      const result = await runOn(node, resolveTool(args), { stdio: ['ignore', 'pipe', 'pipe'] })
      const passed = result.code === 0
      if (!stopping()) say(`${passed ? '✔' : '✖'} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
      return { name, passed, ...result }
    }),
  )
  const failed = results.filter((result) => !result.passed)
  if (stopping()) return failed[0] ?? results[0]
  for (const { name, output } of failed) process.stdout.write(`\n── ${name} ──\n${output.trimEnd()}\n`)
  say(failed.length === 0 ? 'All checks passed.' : `\n${failed.map(({ name }) => name).join(', ')} failed.`)
  return { code: failed.length === 0 ? 0 : 1, signal: null }
}

/** `npm run format`: writes what the gate would ask for, and fixes what the linter can fix safely. */
export async function format(node, files) {
  const linted = await runOn(node, resolveTool(['oxlint', '--fix', '--disable-nested-config', ...files]))
  const formatted = stopping() ? linted : await runOn(node, resolveTool(['oxfmt', ...files]))
  return formatted.code === 0 ? linted : formatted
}

/** A command of an installed package becomes the path of its script. */
export function resolveTool([name, ...args]) {
  const script = at('node_modules', '.bin', name)
  return [existsSync(script) ? script : name, ...args]
}
