import type { Random } from './random.ts'
import { moment, type Shift, spread, type Span } from './rhythm.ts'
import { Talk, type Talker } from './talk.ts'
import type { Theme } from './words/theme.ts'

// Who says what when: talks of a few people about one thing, some of them in threads.

/** Somebody in a conversation, while they are in it. */
export interface Present extends Talker, Span {
  readonly talks: number
  /** Since when they have neither written nor read here. */
  readonly quiet: number
}

export interface Post {
  readonly author: Present
  readonly body: string
  readonly theme: Theme
  readonly root: Post | null
  at: number
}

export interface Stage {
  readonly people: readonly Present[]
  readonly themes: readonly Theme[]
  readonly direct: boolean
  readonly always: boolean
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** All posts of a conversation: exactly `count`, a root always before its replies, nothing after `span.until`. */
export function allPosts(stage: Stage, span: Span, count: number, random: Random): Post[] {
  const posts: Post[] = []
  for (const shift of spread(span, count, random, stage))
    posts.push(...postsOfADay(stage, shift, posts.findLast(isTop), random))
  posts.sort((a, b) => a.at - b.at)
  return posts
}

const isTop = ({ root }: Post): boolean => root === null

function postsOfADay(stage: Stage, shift: Shift, above: Post | undefined, random: Random): Post[] {
  const sizes: number[] = []
  for (let left = shift.count; left > 0; left -= sizes.at(-1)!) sizes.push(Math.min(left, sizeOfATalk(stage, random)))
  const starts = sizes.map(() => moment(shift, random, stage)).sort((a, b) => a - b)
  const posts: Post[] = []
  let free = shift.from
  for (const [index, size] of sizes.entries()) {
    const scene = talk(stage, Math.max(starts[index]!, free), size, above, random)
    above = scene.findLast(isTop)!
    free = above.at + random.between(1, 9) * minute
    posts.push(...scene)
  }
  fitInto(shift, posts)
  return posts
}

function sizeOfATalk({ direct }: Stage, random: Random): number {
  if (!direct && random.chance(0.012)) return random.between(35, 80)
  return random.mostlySmall(direct ? 1 : 2, direct ? 14 : 19)
}

/** A busy day is told faster; the order stays. */
function fitInto({ from, until }: Shift, posts: readonly Post[]): void {
  const last = Math.max(...posts.map(({ at }) => at))
  const room = until - from - minute
  if (last - from <= room) return
  for (const post of posts) post.at = from + Math.floor(((post.at - from) * room) / (last - from))
}

function talk(stage: Stage, start: number, size: number, above: Post | undefined, random: Random): Post[] {
  // Whoever is about to leave, or has just come, says nothing.
  const present = stage.people.filter(({ from, until }) => from < start - minute && start + day < until)
  const awake = present.filter(({ quiet }) => start + hour < quiet)
  const speakers = someOf(awake.length ? awake : latest(stage.people), size > 30 ? 9 : 5, random)
  const about = new Talk(random, random.pick(stage.themes), speakers, present)
  const threaded =
    stage.direct || size < 4 || !random.chance(0.5) ? 0 : size > 30 ? size - 3 : random.between(1, size - 2)
  const tops: Post[] = []
  const say = (author: Present, at: number, root: Post | null, before: Post | undefined, last: boolean): Post => {
    let body: string
    do {
      body = !before ? about.opener(author) : last && random.chance(0.6) ? about.closer(author) : about.turn(author)
    } while (body === (before ?? above)?.body)
    return { author, body, theme: about.theme, root, at }
  }
  let at = start
  for (let index = 0; index < size - threaded; index += 1) {
    const before = tops.at(-1)
    tops.push(say(nextSpeaker(speakers, before, random), at, null, before, index === size - 1))
    at += random.mostlySmall(5 * second, 6 * minute)
  }
  const replies: Post[] = []
  const root = random.chance(0.7) ? tops[0]! : random.pick(tops)
  at = root.at
  for (let index = 0; index < threaded; index += 1) {
    at += random.mostlySmall(15 * second, 20 * minute)
    const before = replies.at(-1) ?? root
    replies.push(say(nextSpeaker(speakers, before, random), at, root, before, index === threaded - 1))
  }
  return [...tops, ...replies]
}

/** When everybody is away, the one who left last writes all the same. */
const latest = (people: readonly Present[]): Present[] => [
  people.reduce((one, other) => (other.quiet > one.quiet ? other : one)),
]

function someOf(people: readonly Present[], most: number, random: Random): Present[] {
  const some = new Set<Present>()
  for (let n = random.between(2, most); n > 0; n -= 1) some.add(random.weighted(people, ({ talks }) => talks))
  if (some.size === 1 && people.length > 1) some.add(random.pick(people.filter((one) => !some.has(one))))
  return [...some]
}

function nextSpeaker(speakers: readonly Present[], before: Post | undefined, random: Random): Present {
  if (!before) return speakers[0]!
  const others = speakers.filter((one) => one !== before.author)
  return others.length === 0 || random.chance(0.2) ? before.author : random.pick(others)
}
