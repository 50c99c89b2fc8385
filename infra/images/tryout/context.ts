import { readFileSync } from 'node:fs'
import path from 'node:path'

/** Which paths of the checkout `.dockerignore` lets into a build. As with Docker, the last line that fits decides. */
export function context(root: string): (file: string) => boolean {
  const lines = readFileSync(path.join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'))
  const patterns = lines.map((line) => ({ isBack: line.startsWith('!'), fits: expression(line.replace(/^!/, '')) }))
  return (file) => {
    // A pattern that fits a folder goes for all that is in it.
    const parts = file.split('/')
    const above = parts.map((_part, index) => parts.slice(0, index + 1).join('/'))
    const last = patterns.findLast(({ fits }) => above.some((each) => fits.test(each)))
    return last === undefined || last.isBack
  }
}

/** Unlike a shell's, Docker's `*` fits names that begin with a dot. */
function expression(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/|\*\*|\*|\?)/)
  const meanings: Record<string, string> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' }
  return new RegExp(`^${parts.map((part) => meanings[part] ?? RegExp.escape(part)).join('')}$`)
}
