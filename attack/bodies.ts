import { highlight } from '#messages/ui/highlight.ts'
import { readAfresh } from '#platform/markdown/read.ts'
import { finds, hostileParts, hostilePrefixes, languages, repeated } from '#platform/markdown/testing.ts'
import { Random } from '#seed/random.ts'
import { median, milliseconds } from './figures.ts'
import type { Part } from './part.ts'

// What a body costs who reads it: 20,000 characters of any kind, read and highlighted.

const length = 20_000
const limitMs = 100
const rounds = 9

interface Pattern {
  prefix: string
  parts: readonly string[]
  suffix: string
}

/** Processor time of this process; the collector's threads count too, so it is rather too much than too little. */
function costMs(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

const bodyOf = ({ prefix, parts, suffix }: Pattern): string => repeated(length, prefix, parts.join(''), suffix)

/** As prose, and as one block of code in the language that takes longest. */
function costsOf(pattern: Pattern): { ms: number; how: string } {
  const body = bodyOf(pattern)
  const fence = '```x\n'
  const asCode = () => readAfresh(repeated(length, `${fence}${pattern.prefix}`, pattern.parts.join(''), pattern.suffix))
  const reading = costMs(() => readAfresh(body))
  const code = costMs(asCode)
  let worst = { ms: reading, how: 'as prose' }
  for (const language of languages) {
    const ms = code + costMs(() => highlight(body, language))
    if (ms > worst.ms) worst = { ms, how: `as ${language}` }
  }
  return worst
}

function mutated({ prefix, parts, suffix }: Pattern, random: Random): Pattern {
  const next = [...parts]
  const at = random.below(next.length)
  const part = random.pick(hostileParts)
  switch (random.below(5)) {
    case 0:
      next[at] = part
      break
    case 1:
      next.splice(at, 0, part)
      break
    case 2:
      if (next.length > 1) next.splice(at, 1)
      break
    case 3:
      return { prefix: random.pick(hostilePrefixes), parts, suffix }
    default:
      return { prefix, parts, suffix: random.pick(['', ...hostileParts]) }
  }
  return { prefix, parts: next.slice(0, 8), suffix }
}

/** Measured again, so that a collection of garbage or another program is not taken for the body's fault. */
function settled(pattern: Pattern): { ms: number; how: string } {
  const all = Array.from({ length: rounds }, () => costsOf(pattern))
  const ms = median(all.map((each) => each.ms))
  return { ms, how: all.find((each) => each.ms === ms)?.how ?? all[0]!.how }
}

/**
 * Looks for the dearest body: all that was found before, then changes to the dearest ones, the seed's own way. Returns the
 * dearest few with the median of nine measurements.
 */
export function searchBodies(options: { seed: number; tries: number; say?: (line: string) => void }) {
  const random = new Random(options.seed)
  const known: Pattern[] = [
    ...finds.map(([prefix, part, suffix]) => ({ prefix, parts: [part], suffix })),
    ...hostileParts.map((part) => ({ prefix: '', parts: [part], suffix: '' })),
  ]
  // The first ones would pay for the compiler.
  for (const pattern of known) costsOf(pattern)
  const pool = known.map((pattern) => ({ pattern, ...costsOf(pattern) }))
  const dearest = () => pool.sort((one, other) => other.ms - one.ms).splice(24)
  dearest()
  for (let tried = 0; tried < options.tries; tried++) {
    const pattern = mutated(random.pick(pool).pattern, random)
    pool.push({ pattern, ...costsOf(pattern) })
    if (tried % 50 === 49) {
      dearest()
      options.say?.(`${tried + 1} bodies tried, the dearest ${milliseconds(pool[0]!.ms)}`)
    }
  }
  dearest()
  return pool
    .slice(0, 8)
    .map(({ pattern }) => ({ pattern, ...settled(pattern) }))
    .sort((one, other) => other.ms - one.ms)
}

export const bodies: Part = {
  name: 'bodies',
  about: '20,000 characters of any kind, for who reads them',
  run: async ({ seed, short, say }) => {
    const found = searchBodies({ seed, tries: short ? 60 : 600, say })
    return found.map(({ pattern: { prefix, parts, suffix }, ms, how }) => ({
      what: `${JSON.stringify(prefix)} + ${JSON.stringify(parts.join(''))}… + ${JSON.stringify(suffix)}, ${how}`,
      figure: `${milliseconds(ms)} of processor`,
      ...(short ? {} : { limit: `${limitMs} ms` }),
      holds: short || ms <= limitMs,
    }))
  },
}
