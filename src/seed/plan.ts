import type { Random } from './random.ts'
import type { Span } from './rhythm.ts'
import { allPosts, type Post, type Present, type Stage } from './scene.ts'

/** What somebody does in a conversation; `at` in milliseconds. Numbers and rows are play.ts's matter. */
export type Act = { at: number } & (
  | { type: 'join'; accountId: string; by: string }
  | { type: 'leave'; accountId: string }
  | { type: 'change'; accountId: string; change: 'topic' | 'archived' }
  | { type: 'post'; post: Post }
  | { type: 'edit'; post: Post }
  | { type: 'delete'; post: Post; accountId: string }
  | { type: 'react' | 'unreact'; post: Post; accountId: string; emoji: string }
)

export interface Cast extends Stage {
  readonly owner: Present
  readonly channel: boolean
  readonly archived: boolean
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** A conversation's whole history, in order; its members of the first hour are there already. */
export function plan(cast: Cast, span: Span, count: number, random: Random): Act[] {
  const posts = allPosts(cast, span, count, random)
  const replied = new Map<Post, number>()
  for (const { root, at } of posts) if (root) replied.set(root, Math.max(at, replied.get(root) ?? 0))
  const acts: Act[] = [...comings(cast, span, random)]
  for (const post of posts)
    acts.push({ type: 'post', at: post.at, post }, ...afterwards(cast, post, replied.get(post), random))
  if (cast.channel && random.chance(0.7))
    acts.push({ type: 'change', at: within(span, random), accountId: cast.owner.accountId, change: 'topic' })
  const history = acts.filter(({ at }) => at < span.until)
  if (cast.archived)
    history.push({ type: 'change', at: span.until, accountId: cast.owner.accountId, change: 'archived' })
  // Sorting is stable, so what belongs together stays in the order in which it was written down.
  return history.sort((a, b) => a.at - b.at)
}

const within = ({ from, until }: Span, random: Random): number =>
  from + Math.floor((0.1 + 0.8 * random.next()) * (until - from))

function* comings({ people, owner }: Cast, span: Span, random: Random): Generator<Act> {
  for (const { accountId, from, until } of people) {
    if (from > span.from)
      yield { type: 'join', at: from, accountId, by: random.chance(0.5) ? accountId : owner.accountId }
    if (until < span.until) yield { type: 'leave', at: until, accountId }
  }
}

/** What follows a message: corrections, reactions, and now and then its end. */
function* afterwards(cast: Cast, post: Post, lastReply: number | undefined, random: Random): Generator<Act> {
  const { author } = post
  const gone = random.chance(lastReply ? 0.002 : 0.006)
    ? (lastReply ?? post.at) + random.between(20 * second, 3 * hour)
    : Infinity
  if (random.chance(0.035)) {
    const at = post.at + random.mostlySmall(10 * second, 30 * minute)
    if (at < gone) yield { type: 'edit', at, post }
  }
  if (random.chance(0.15)) yield* applause(cast, post, gone, random)
  if (gone < Infinity)
    yield { type: 'delete', at: gone, post, accountId: random.chance(0.85) ? author.accountId : cast.owner.accountId }
}

function* applause({ people }: Cast, post: Post, gone: number, random: Random): Generator<Act> {
  const here = people.filter(({ from, until }) => from < post.at && post.at + 12 * hour < until)
  for (const emoji of random.shuffled(post.theme.reactions).slice(0, random.mostlySmall(1, 4))) {
    for (const { accountId } of random.shuffled(here).slice(0, random.mostlySmall(1, Math.min(9, here.length)))) {
      const at = post.at + random.mostlySmall(8 * second, 3 * hour)
      if (at >= gone) continue
      yield { type: 'react', at, post, accountId, emoji }
      const back = at + random.between(second, minute)
      if (random.chance(0.02) && back < gone) yield { type: 'unreact', at: back, post, accountId, emoji }
    }
  }
}
