import type { Violation } from '../check/violation.ts'
import { run } from '../run.ts'
import { plantedFaults } from './faults.ts'

// `npm run faults -- --planted`: plants one fault after the other in the running code, and fails where the checker does
// not find one. `words` choose some by their names.

/** Resolves with whether all were found. */
export async function findPlanted(
  seed: number,
  words: readonly string[],
  say: (line: string) => void,
): Promise<boolean> {
  const chosen = plantedFaults.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))
  const results: (readonly [name: string, found: readonly string[], seconds: number])[] = []
  for (const planted of chosen) {
    const began = performance.now()
    const found = new Set<string>()
    await run({
      seed,
      nodes: 2,
      buses: ['notify'],
      standby: false,
      lasts: 90_000,
      roundLasts: 8_000,
      restMs: 30,
      handsEach: 4,
      kinds: ['storm'],
      planted,
      isEnough: (violations: readonly Violation[]) => violations.some(({ rule }) => planted.foundBy.includes(rule)),
      says: () => {},
      found: (violations) => {
        for (const { rule } of violations) found.add(rule)
      },
    })
    const seconds = Math.round((performance.now() - began) / 1_000)
    const rules = planted.foundBy.filter((rule) => found.has(rule))
    results.push([planted.name, rules, seconds])
    say(
      `${rules.length ? 'found' : 'NOT FOUND'}: ${planted.name} (${seconds} s)${rules.length ? `: ${rules.join(', ')}` : `; it showed as ${[...found].join(', ') || 'nothing'}`}`,
    )
  }
  say(`\n${results.filter(([, rules]) => rules.length > 0).length} of ${results.length} planted faults were found.`)
  return results.length > 0 && results.every(([, rules]) => rules.length > 0)
}
