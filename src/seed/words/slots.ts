import type { Random } from '../random.ts'

// What stands in the gaps of a line: `{ship}`, `{n}` and so on.

const lists = {
  ship: [
    'Marie Celine',
    'Nordlys',
    'Ever Patient',
    'Santa Brígida',
    'Kestrel',
    'Halcyon Bay',
    'Baltic Heron',
    'Polaris III',
    'Aurelia',
    'Frisian Star',
    'Blue Marlin',
    'Hanne Sofie',
    'Cape Verity',
    'Oriole',
    'Tern',
    'Lady Ingrid',
    'Meridian Swan',
    'Sea Thistle',
  ],
  port: [
    'Rotterdam',
    'Gothenburg',
    'Valencia',
    'Haifa',
    'Port Said',
    'Gdańsk',
    'Aarhus',
    'Antwerp',
    'Piraeus',
    'Tema',
    'Bremerhaven',
    'Felixstowe',
    'Tallinn',
    'Marseille',
  ],
  service: [
    'berth-planner',
    'tide-feed',
    'crane-bridge',
    'manifest-import',
    'customs-gateway',
    'gate-api',
    'notify',
    'yard-map',
    'invoice-run',
    'ais-listener',
    'auth-proxy',
    'report-builder',
  ],
  file: [
    'berths.ts',
    'plan/overlap.ts',
    '0009_members.sql',
    'tides/parse.ts',
    'gate/queue.ts',
    'manifest.schema.json',
    'crane/telemetry.ts',
    'deploy.yaml',
    'invoice/rounding.ts',
    'ais/decode.ts',
    'map/tiles.ts',
    '0014_slots.sql',
  ],
  customer: [
    'Northquay',
    'Harbour Authority West',
    'Delta Stevedores',
    'Skagen Lines',
    'Port of Tema',
    'Levante Terminals',
    'Oresund Ferries',
    'Blackwater Pilots',
  ],
  topicname: [
    'berth overlap',
    'late arrivals',
    'tide windows',
    'the yard map',
    'crane hours',
    'customs holds',
    'gate queues',
    'the pilot roster',
    'reefer alarms',
    'demurrage',
  ],
  thing: [
    'the berth view',
    'the arrivals board',
    'the gate screen',
    'the crane timeline',
    'the manifest upload',
    'the invoice page',
    'the pilot roster',
    'the tide chart',
    'the yard map',
    'the morning report',
  ],
  day: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'],
  cargo: [
    'reefers',
    'timber',
    'grain',
    'wind turbine blades',
    'cars',
    'paper rolls',
    'steel coils',
    'coffee',
    'empties',
    'fertiliser',
  ],
  food: [
    'herring',
    'soup',
    'dumplings',
    'falafel',
    'the good bread',
    'pancakes',
    'fish and chips',
    'noodles',
    'lasagne',
    'jollof',
  ],
  cake: [
    'cardamom buns',
    'apple cake',
    'baklava',
    'lemon tart',
    'pastéis',
    'a suspicious amount of stroopwafels',
    'carrot cake',
    'mochi',
  ],
} as const

/** What stays the same while people talk about one thing. */
const steady = ['ship', 'port', 'service', 'file', 'customer', 'topicname', 'thing', 'cargo', 'food', 'cake'] as const

export type Gaps = Record<string, string>

/** The facts of one talk. */
export function factsOfATalk(random: Random): Gaps {
  const gaps: Gaps = {}
  for (const slot of steady) gaps[slot] = random.pick<string>(lists[slot])
  gaps.berth = `${random.pick(['A', 'B', 'C', 'D', 'E'])}${random.between(1, 14)}`
  gaps.ticket = `TIDE-${random.between(310, 2980)}`
  gaps.pr = `${random.between(120, 1940)}`
  gaps.version = `1.${random.between(1, 4)}.${random.between(0, 17)}`
  gaps.run = `${random.between(1200, 4400)}`
  return gaps
}

const fresh: Record<string, (random: Random) => string> = {
  n: (random) => String(random.between(2, 40)),
  few: (random) => String(random.between(2, 6)),
  big: (random) => random.between(1_000, 240_000).toLocaleString('en'),
  ms: (random) => `${random.between(3, 900)} ms`,
  pct: (random) => `${random.between(2, 97)} %`,
  hour: (random) =>
    `${String(random.between(6, 21)).padStart(2, '0')}:${random.pick(['00', '10', '15', '20', '30', '40', '45', '50'])}`,
  min: (random) => String(random.pick([5, 10, 12, 15, 20, 25, 30, 40, 45])),
  metres: (random) => `${random.between(1, 14)}.${random.between(0, 9)} m`,
  day: (random) => random.pick(lists.day),
  euros: (random) => `€${random.between(90, 48_000).toLocaleString('en')}`,
  other: (random) => random.pick(lists.ship),
  otherport: (random) => random.pick(lists.port),
  otherservice: (random) => random.pick(lists.service),
  box: (random) => `${random.pick(['TDWU', 'NQYU', 'SKGU', 'LVTU'])}${random.between(1_000_000, 9_999_999)}`,
}

/** Puts words into the gaps of a line. `who` and `name` are the talk's own: a mention, and a first name. */
export function fill(line: string, gaps: Gaps, random: Random, person: { who(): string; name(): string }): string {
  return line.replace(/\{(\w+)\}/g, (_, slot: string) => {
    if (slot === 'who') return person.who()
    if (slot === 'name') return person.name()
    const word = gaps[slot] ?? fresh[slot]?.(random)
    if (word === undefined) throw new Error(`Nothing stands in the gap {${slot}} of: ${line}`)
    return word
  })
}
