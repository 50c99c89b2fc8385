import { characters } from './cast.ts'
import type { Theme } from './words/theme.ts'
import { everyday, social } from './words/company.ts'
import { code, data, delivery, incident, release } from './words/engineering.ts'
import { berths, business, customers, design } from './words/harbour.ts'
import { arabic, hebrew } from './words/right-to-left.ts'

/** A conversation of the demo place, before anybody has said a word. */
export interface Setting {
  readonly kind: 'channel' | 'group' | 'direct'
  readonly visibility: 'public' | 'private'
  readonly name: string | null
  readonly topic: string
  /** Keys of its people; the first created it. */
  readonly people: readonly string[]
  readonly themes: readonly Theme[]
  /** How much is said in it, compared with others. */
  readonly share: number
  /** When it began, as a part of the history: 0 is its beginning, 1 the present. */
  readonly since: number
  /** At which part of the history it was archived. */
  readonly archived?: number
  /** Goes on at night and at weekends. */
  readonly roundTheClock?: boolean
}

const staff = characters.filter(({ role }) => role !== 'guest').map(({ key }) => key)
const engineers = 'grace ada linus barbara tomasz kofi mei priya noa jonas dmitri yusuf'.split(' ')
const northquay = 'helena piet omar saskia'.split(' ')

const channel = (
  name: string,
  topic: string,
  people: readonly string[],
  share: number,
  themes: readonly Theme[],
  more: Partial<Setting> = {},
): Setting => ({ kind: 'channel', visibility: 'public', name, topic, people, share, themes, since: 0, ...more })
const group = (name: string | null, people: string, share: number, themes: readonly Theme[], since = 0): Setting => ({
  kind: 'group',
  visibility: 'private',
  name,
  topic: '',
  people: people.split(' '),
  share,
  themes,
  since,
})
const direct = (people: string, share: number, themes: readonly Theme[], since = 0): Setting => ({
  ...group(null, people, share, themes, since),
  kind: 'direct',
})
const hidden = { visibility: 'private' } as const

/** 40 of them, and Ada is in every one. */
export const settings: readonly Setting[] = [
  channel(
    'general',
    'What everybody should know. Everything else has a place of its own.',
    ['ada', ...staff, 'edsger'],
    9,
    [social, release, business, berths],
  ),
  channel(
    'delivery',
    'Nothing lost, nothing twice, one order. On watch this week: Grace',
    [...engineers, 'margaret', 'edsger'],
    16,
    [delivery, delivery, code],
  ),
  channel(
    'code-review',
    'Small changes, kind words. Link the change, say what to look at.',
    [...engineers, 'rafael', 'amara'],
    11,
    [code],
  ),
  channel('incidents', 'Something is broken: say it here first. Times in UTC.', ['grace', ...staff], 6, [incident], {
    roundTheClock: true,
  }),
  channel(
    'design',
    'Sketches, words, colours. Unfinished things are welcome.',
    'margaret ada anouk mei sunniva barbara layla callum'.split(' '),
    5,
    [design],
  ),
  channel('releases', 'What went out, when, and what to watch.', ['barbara', ...staff], 4.5, [release]),
  channel(
    'launch',
    'Everything for the 1.4 launch. Barbara keeps the list.',
    'barbara ada grace linus margaret ines rafael layla mei amara'.split(' '),
    5,
    [release, customers, design],
    { since: 0.55 },
  ),
  channel(
    'harbour-evening',
    'The boat, the food, the guest list. Bring something warm.',
    ['margaret', ...staff],
    2,
    [social, business],
    { since: 0.4 },
  ),
  channel(
    'hiring',
    'Open roles, interviews, who met whom. Be fair and quick.',
    'ines ada margaret barbara grace sunniva'.split(' '),
    1.5,
    [business, everyday],
    hidden,
  ),
  channel(
    'customer-onboarding-and-migrations',
    'Who comes next, what they bring along, and what went wrong last time.',
    'rafael ada ines layla callum amara kofi sunniva anouk maximiliane'.split(' '),
    4,
    [customers, data],
  ),
  channel(
    'northquay',
    'Shared with our friends at Northquay Terminals.',
    ['rafael', 'ada', 'ines', 'linus', 'layla', ...northquay],
    3.5,
    [customers, berths],
    hidden,
  ),
  channel(
    'berths',
    'Arrivals, windows, tugs and tides. The planner has the last word.',
    'kofi ada tomasz layla dmitri callum yusuf sunniva maximiliane rafael'.split(' '),
    6,
    [berths],
  ),
  channel('data', 'Numbers, and whether to believe them.', 'mei ada priya noa tomasz jonas ines'.split(' '), 3.5, [
    data,
    code,
  ]),
  channel('platform', 'Servers, databases, networks, and the bills for them.', [...engineers], 4.5, [
    code,
    incident,
    delivery,
  ]),
  channel(
    'port-said',
    'غرفة فريق بورسعيد. العربية والإنجليزية معًا.',
    'layla ada omar amara yusuf rafael'.split(' '),
    1.8,
    [arabic, arabic, arabic, berths],
    hidden,
  ),
  channel(
    'haifa',
    'צוות חיפה. עברית, אנגלית, ומה שביניהן.',
    'noa ada priya dmitri rafael'.split(' '),
    1.5,
    [hebrew, hebrew, hebrew, code],
    hidden,
  ),
  channel('kitchen', 'Lunch, cake, lost umbrellas, seals.', ['sunniva', ...staff], 3.5, [social]),
  channel(
    'security',
    'Reports, reviews, keys that end. Nothing from here leaves here.',
    'dmitri ada grace barbara ines'.split(' '),
    1.2,
    [code, incident],
    hidden,
  ),
  channel(
    'launch-1-3',
    'Everything for the 1.3 launch.',
    'barbara ada grace linus margaret ines rafael'.split(' '),
    1.5,
    [release, customers],
    { archived: 0.45 },
  ),
  group('Barbara, Margaret and the list', 'barbara ada margaret', 2, [release, everyday], 0.3),
  group('Night watch', 'grace ada linus tomasz kofi', 1.6, [incident, everyday]),
  group('Tender Valencia', 'ines ada rafael maximiliane', 0.9, [business, customers], 0.5),
  group(null, 'linus ada barbara', 1.2, [code, everyday], 0.1),
  group('Guest list', 'margaret ada sunniva callum', 0.5, [social], 0.6),
  group(null, 'ada mei priya', 0.8, [data, everyday], 0.2),
  group('Crane telemetry', 'tomasz ada kofi noa edsger', 1.3, [data, code], 0.35),
  direct('grace ada', 3.2, [everyday, delivery, code]),
  direct('ada linus', 2.4, [everyday, code, delivery]),
  direct('barbara ada', 1.8, [everyday, release]),
  direct('margaret ada', 2, [everyday, design]),
  direct('ada edsger', 1.2, [everyday, delivery], 0.05),
  direct('ines ada', 1.3, [everyday, business]),
  direct('ada tomasz', 0.7, [everyday, code], 0.1),
  direct('layla ada', 0.8, [arabic, everyday], 0.15),
  direct('kofi ada', 0.7, [everyday, berths], 0.2),
  direct('maximiliane ada', 0.5, [everyday, business], 0.3),
  direct('ada priya', 0.5, [everyday, data], 0.25),
  direct('helena ada', 0.4, [customers, everyday], 0.2),
  direct('ada mei noa', 0.4, [everyday, data], 0.45),
  direct('ada', 0.3, [everyday], 0),
]
