import { check } from '../check/check.ts'
import { openPlace } from '../clients/people.ts'
import { type Cluster, startCluster } from '../cluster/cluster.ts'
import { playRound } from '../round.ts'
import { type PlantedFault, plantedFaults } from './faults.ts'

// `npm run faults -- --planted`: plants one fault after the other in the running code, and fails where the checker does
// not find one. `words` choose some by their names.

/** How often a fault gets the chance to show itself. */
const mostRounds = 6
const lasts = { calm: 3_000, storm: 5_000, upgrade: 4_000 }

/** Resolves with whether all were found. */
export async function findPlanted(
  seed: number,
  words: readonly string[],
  say: (line: string) => void,
): Promise<boolean> {
  const chosen = plantedFaults.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))
  let found = 0
  // One place for all of them, but for those that change the database or need a standby.
  const isPlain = ({ sql, standby }: PlantedFault) => !sql && !standby
  const plain = chosen.filter(isPlain)
  const places = [...(plain.length ? [plain] : []), ...chosen.filter((one) => !isPlain(one)).map((one) => [one])]
  for (const faults of places) {
    const cluster = await startCluster({
      nodes: 2,
      buses: ['notify'],
      standby: faults[0]!.standby ?? false,
      disks: false,
      planted: faults[0],
      says: () => {},
    })
    try {
      await openPlace(cluster)
      for (const planted of faults) {
        await cluster.plant(planted)
        if (await shows(planted, cluster, seed, say)) found += 1
      }
    } finally {
      await cluster.stop()
    }
  }
  say(`\n${found} of ${chosen.length} planted faults were found; seed ${seed}.`)
  return chosen.length > 0 && found === chosen.length
}

async function shows(
  planted: PlantedFault,
  cluster: Cluster,
  seed: number,
  say: (line: string) => void,
): Promise<boolean> {
  const { name, foundBy, round: kind = 'calm', needs = [] } = planted
  const began = performance.now()
  const seen = new Set<string>()
  for (let number = 1; number <= mostRounds; number += 1) {
    const log = { counts: new Map<string, number>(), lines: [], failovers: [] }
    const options = { cluster, seed, number, kind, lasts: lasts[kind], restMs: 10, handsEach: 5, needs, log }
    for (const { rule } of check(await playRound(options))) seen.add(rule)
    const rules = foundBy.filter((rule) => seen.has(rule))
    const seconds = Math.round((performance.now() - began) / 1_000)
    if (rules.length) {
      say(`found: ${name} (${seconds} s): ${rules.join(', ')}`)
      return true
    }
  }
  say(`NOT FOUND: ${name}; it showed as ${[...seen].join(', ') || 'nothing'}`)
  return false
}
