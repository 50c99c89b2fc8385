import { foldNames } from '#accounts/fold-names.ts'
import { type Hashing, passwordHashing } from '#accounts/passwords.ts'
import { keepChannelNames } from '#conversations/channel-names.ts'
import type { Database, Transactor } from '#platform/db/database.ts'
import { characters, type Character, demoPassword } from './cast.ts'
import { type Setting, settings } from './conversations.ts'
import { idAt } from './ids.ts'
import { plan } from './plan.ts'
import { play } from './play.ts'
import { Random } from './random.ts'
import type { Span } from './rhythm.ts'
import type { Present } from './scene.ts'
import { insertRows } from './write.ts'

export interface Filling {
  /** How many messages, replies included. */
  messages: number
  /** The same number, with the same `until`, makes the same place. */
  seed: number
  /** The present of the demo place: its last message comes shortly before. */
  until: Date
  /** Tests make signing in cheap. */
  hashing?: Hashing
  onProgress?: (line: string) => void
}

export interface Filled {
  accounts: number
  conversations: number
  messages: number
}

/** There is somebody in the place already. */
export class PlaceInhabited extends Error {
  override message =
    'This place already has accounts, and the demo people would mix with them. Seed an empty one, with another DATA_DIR or DATABASE_URL.'
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** Nine months, and less where that would leave the place with a line a day. */
const daysFor = (messages: number): number => Math.round(Math.min(270, Math.max(21, messages / 200)))

interface Inhabitant extends Character {
  readonly id: string
  readonly createdAt: number
}

/**
 * Fills an empty place with people, conversations and messages of nine months, all or nothing. Throws
 * `PlaceInhabited`. The schema must be up to date.
 */
export async function fillPlace(
  db: Database,
  { messages, seed, until, hashing = passwordHashing, onProgress }: Filling,
): Promise<Filled> {
  const passwordHash = await hashing.hash(demoPassword)
  // Five minutes of rest: whoever signs in is not interrupted by a message from the future.
  const history = { from: startOfHistory(until, daysFor(messages)), until: until.getTime() - 5 * minute }
  const shares = settings.reduce((sum, { share }) => sum + share, 0)
  let written = 0
  await db.query.transaction().execute(async (tx) => {
    // Whoever signs up first takes this lock too; see accounts/sign-up.ts.
    await tx.selectFrom('place').select('one').forUpdate().execute()
    if (await tx.selectFrom('accounts').select('id').limit(1).executeTakeFirst()) throw new PlaceInhabited()
    await tx.updateTable('place').set({ name: 'Tidewater' }).execute()
    const people = await settle(tx, history, passwordHash, Random.of(seed, 'people'))
    let owed = 0
    for (const [index, setting] of settings.entries()) {
      owed += (setting.share / shares) * messages
      const count = (index === settings.length - 1 ? messages : Math.round(owed)) - written
      const random = Random.of(seed, setting.name ?? setting.people.join())
      await converse(tx, setting, index, people, history, count, random)
      written += count
      if (index % 8 === 7)
        onProgress?.(`${index + 1} of ${settings.length} conversations, ${written.toLocaleString('en')} messages…`)
    }
  })
  // So that everybody is found without accents from the first moment, not from the next start on.
  await foldNames(db.query)
  await keepChannelNames(db)
  onProgress?.('Counting everything once, so that the database plans well…')
  await db.pool.query('analyze')
  return { accounts: characters.length, conversations: settings.length, messages: written }
}

const startOfHistory = (until: Date, days: number): number => {
  const start = until.getTime() - days * day
  return start - (start % day) + 8 * hour
}

const momentAt = ({ from, until }: Span, part: number): number => Math.round(from + part * (until - from))

/** Everybody's account, with one password. Those who came first did so on the day before the first message. */
async function settle(tx: Transactor, history: Span, passwordHash: string, random: Random): Promise<Inhabitant[]> {
  const people = characters.map((one, index): Inhabitant => {
    const createdAt = momentAt(history, one.since) - (one.since ? 2 : 20) * hour + index * 11 * minute
    return { ...one, createdAt, id: idAt(createdAt, random) }
  })
  const times = ({ createdAt }: Inhabitant) => {
    const time = new Date(createdAt).toISOString()
    return { created_at: time, updated_at: time }
  }
  await insertRows(
    tx,
    'accounts',
    people.map((one) => ({
      id: one.id,
      name: one.name,
      email: one.email,
      email_verified: false,
      role: one.role,
      ...times(one),
    })),
  )
  // As accounts/identities.ts keeps a password.
  await insertRows(
    tx,
    'credentials',
    people.map((one) => ({
      id: idAt(one.createdAt, random),
      account_id: one.id,
      provider_id: 'credential',
      provider_account_id: one.id,
      password: passwordHash,
      ...times(one),
    })),
  )
  return people
}

async function converse(
  tx: Transactor,
  setting: Setting,
  index: number,
  everybody: readonly Inhabitant[],
  history: Span,
  count: number,
  random: Random,
): Promise<void> {
  const from = momentAt(history, setting.since) + index * 7 * minute
  const span = { from, until: setting.archived ? momentAt(history, setting.archived) : history.until }
  const people = gather(setting, everybody, span, random)
  const [owner] = people
  if (!owner) throw new Error('A conversation without people.')
  const { kind, visibility, name, topic, themes } = setting
  const first = people.filter((one) => one.from === from)
  const ids = first.map(({ accountId }) => accountId)
  const acts = plan(
    {
      people,
      owner,
      themes,
      channel: kind === 'channel',
      direct: kind === 'direct',
      always: setting.roundTheClock ?? false,
      archived: setting.archived !== undefined,
    },
    span,
    count,
    random,
  )
  const direct_key = kind === 'direct' ? [...ids].sort().join() : null
  const readUntil = new Map(people.map(({ accountId, quiet }) => [accountId, quiet]))
  const rows = play(
    { id: idAt(from, random), at: from, facts: { kind, visibility, name, topic, direct_key }, people: ids, readUntil },
    acts,
    random,
  )
  await insertRows(tx, 'conversations', rows.conversations)
  await insertRows(tx, 'members', rows.members)
  await insertRows(tx, 'events', rows.events)
  await insertRows(tx, 'messages', rows.messages)
  await insertRows(tx, 'reactions', rows.reactions)
  await insertRows(tx, 'mentions', rows.mentions)
  await insertRows(tx, 'thread_followers', rows.thread_followers)
}

/** Who is in it, and from when to when: later for those who came later, and now and then somebody left again. */
function gather(setting: Setting, everybody: readonly Inhabitant[], span: Span, random: Random): Present[] {
  const byKey = new Map(everybody.map((one) => [one.key, one]))
  const present = ({ id, name, talks, createdAt }: Inhabitant, from: number, until = Infinity): Present => ({
    accountId: id,
    firstName: name.split(' ')[0]!,
    talks,
    from: Math.max(from, createdAt + hour),
    until,
    quiet: quietSince(setting, span, random),
  })
  const people = [...new Set(setting.people)].flatMap((key, place) => {
    const one = byKey.get(key)!
    const late = setting.kind === 'channel' && place > 1 && key !== 'ada' && random.chance(0.15)
    const from = late ? momentAt(span, 0.6 * random.next()) : span.from
    // Of those who were not there yet when a channel was archived, nobody joined it any more.
    return one.createdAt + day < span.until ? [present(one, from)] : []
  })
  const outsiders = everybody.filter(
    ({ key, role, since }) => !setting.people.includes(key) && role !== 'guest' && !since,
  )
  if (setting.kind === 'channel' && setting.visibility === 'public' && outsiders.length && random.chance(0.6))
    people.push(present(random.pick(outsiders), momentAt(span, 0.2), momentAt(span, 0.6 + 0.2 * random.next())))
  return people
}

/** Half of them are there, some have been away for hours or days, a few for weeks. */
function quietSince({ people }: Setting, { until }: Span, random: Random): number {
  const mood = random.next()
  if (mood < 0.45 || people.length === 1) return Infinity
  if (mood < 0.85) return until - random.mostlySmall(2 * hour, 4 * day)
  if (mood < 0.97) return until - random.between(2 * day, 8 * day)
  return until - random.between(10 * day, 40 * day)
}
