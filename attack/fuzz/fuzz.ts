import type { Endpoint } from '#platform/contract/endpoint.ts'
import { Random } from '#seed/random.ts'
import { addPeople, addSession } from '../people.ts'
import { ask, type Ground, type RoleName, roles, setStage, type Stage } from '../stage.ts'
import { tryFrames } from './frames.ts'
import { Known } from './generate.ts'
import { judge, type Judged } from './judge.ts'
import { type Attempt, requestElsewhere, requestTo, weightOf } from './requests.ts'
import { type Answer, Wire } from './wire.ts'

export interface Find extends Judged {
  /** Which input of the run it was. */
  readonly number: number
  readonly as: string
  /** The request, or the frames, as they were sent. */
  readonly sent: string
}

export interface Outcome {
  readonly inputs: number
  readonly finds: readonly Find[]
  /** How many were answered with each status; frames by what they were answered with. */
  readonly statuses: Readonly<Record<string, number>>
  /** Operations that took at least one input as it was, by their ids. */
  readonly taken: ReadonlySet<string>
  readonly seconds: number
}

export interface Options {
  readonly ground: Ground & { readonly port: number }
  readonly operations: readonly Endpoint[]
  readonly inputs: number
  readonly seed: number
  readonly connections?: number
  readonly say?: (line: string) => void
}

/** A new stage after so many inputs: what was archived, left and deleted meanwhile would only be refused from then on. */
const stageLasts = 2_500
/** One turn in so many is one at the stream, with several frames. */
const framesEvery = 40
const mostFinds = 50

type Caller = RoleName | 'nobody'
const callers: readonly Caller[] = [...roles, 'nobody']

/** Sends so many inputs, each of which follows from the seed and its number, and judges every answer. */
export async function fuzz(options: Options): Promise<Outcome> {
  const { ground, operations, inputs, seed, connections = 16, say = () => {} } = options
  const began = performance.now()
  const finds: Find[] = []
  const statuses: Record<string, number> = {}
  const taken = new Set<string>()
  const count = (status: string, by = 1) => (statuses[status] = (statuses[status] ?? 0) + by)
  const find = (found: Find) => {
    if (finds.length < mostFinds) finds.push(found)
  }
  const known = new Known()
  let number = 0
  let nextStage = 1
  let company: Company | undefined
  let setting: Promise<void> | undefined
  const newStage = async () => {
    await ground.sql.query('delete from rate_limits')
    company = new Company(ground, await setStage(ground))
    known.forget()
    teach(known, company.stage)
  }

  const hand = async (wire: Wire): Promise<void> => {
    while (number < inputs && finds.length < mostFinds) {
      const mine = (number += 1)
      if (mine >= nextStage) {
        nextStage = mine + stageLasts
        setting = newStage()
      }
      await setting
      const random = Random.of(seed, String(mine))
      const as = random.pick(callers)
      const cookie = company!.cookie(as)
      if (mine % framesEvery === 0 && cookie) {
        const tried = await tryFrames(ground.port, cookie, random, known)
        for (const [status, times] of Object.entries(tried.answers)) count(status, times)
        number += tried.frames - 1
        for (const { fault, detail, sent } of tried.faults) find({ number: mine, as, fault, detail, sent })
        continue
      }
      const operation = random.weighted(operations, weightOf)
      const attempt = random.chance(0.04)
        ? requestElsewhere(cookie, random)
        : requestTo(operation, cookie, random, known)
      const answer = await wire.send(attempt)
      const judged = judge(attempt, answer)
      if (judged) find({ number: mine, as, ...judged, sent: written(attempt) })
      if (answer.kind === 'answer') {
        count(String(answer.status))
        if (answer.status >= 200 && answer.status < 300 && attempt.operation) taken.add(attempt.operation.operationId)
        learn(known, attempt, answer)
        if (attempt.isPlain && answer.status === 401) await company!.signInAgain(as)
      } else count(answer.why)
      if (mine % 20_000 === 0)
        say(
          `${mine} inputs, ${finds.length} finds, ${Math.round((mine / (performance.now() - began)) * 1_000)} a second`,
        )
    }
  }
  const wires = Array.from({ length: connections }, () => new Wire(ground.port))
  try {
    await Promise.all(wires.map(hand))
  } finally {
    for (const wire of wires) wire.close()
  }
  return { inputs: number, finds, statuses, taken, seconds: (performance.now() - began) / 1_000 }
}

/** The people of a stage with their sessions, which the fuzzer ends again and again. */
class Company {
  readonly stage: Stage
  readonly #ground: Ground
  readonly #cookies = new Map<Caller, string>()
  readonly #again = new Map<Caller, Promise<void>>()

  constructor(ground: Ground, stage: Stage) {
    this.#ground = ground
    this.stage = stage
    for (const role of roles) this.#cookies.set(role, stage.people[role].cookie)
  }

  cookie(as: Caller): string | null {
    return this.#cookies.get(as) ?? null
  }

  /** A new session, with the role of before. Where the account is not let in any more, another person of that role. */
  signInAgain(as: Caller): Promise<void> {
    if (as === 'nobody') return Promise.resolve()
    const again = this.#again.get(as) ?? this.#signIn(as).finally(() => this.#again.delete(as))
    this.#again.set(as, again)
    return again
  }

  async #signIn(as: RoleName): Promise<void> {
    const { id, name, role } = this.stage.people[as]
    const before = this.#cookies.get(as)!
    // Found out by itself: many were on their way when the session ended.
    if ((await ask(this.#ground, { cookie: before }, 'GET', '/v1/me')).status === 200) return
    // The database itself refuses a session of who is deactivated.
    const again = await addSession(this.#ground, id).catch(() => undefined)
    const isIn = again && (await ask(this.#ground, again, 'GET', '/v1/me')).status === 200
    const [other] = isIn ? [] : await addPeople(this.#ground, [{ name, role }])
    this.#cookies.set(as, (other ?? again)!.cookie)
  }
}

function teach(known: Known, { people, conversations, messages, invitation, avatarVersions }: Stage): void {
  for (const person of Object.values(people)) {
    known.learn('accountId', person.id)
    known.learn('sessionId', person.sessionId)
  }
  for (const id of Object.values(conversations)) known.learn('conversationId', id)
  for (let times = 0; times < 3; times += 1) known.learn('conversationId', conversations.private)
  for (const id of Object.values(messages)) known.learn('messageId', id)
  known.learn('invitationId', invitation.id)
  known.learn('token', invitation.token)
  known.learn('version', avatarVersions.member)
}

/** Ids and cursors of what came back, as an attacker would pick them up. */
function learn(known: Known, { operation }: Attempt, { status, body }: Answer): void {
  if (status >= 300 || !operation || !body.startsWith('{')) return
  const next = /"next":"([^"]+)"/.exec(body)?.[1]
  if (next) known.learn('next', next)
  if (status !== 201) return
  const id = /"id":"([^"]+)"/.exec(body)?.[1]
  if (!id) return
  if (operation.operationId === 'createConversation') known.learn('conversationId', id)
  if (operation.operationId === 'postMessage') known.learn('messageId', id)
  if (operation.operationId === 'createInvitation') known.learn('invitationId', id)
}

const written = ({ method, target, headers, body }: Attempt): string =>
  [
    `${method} ${target}`,
    ...headers.map((line) => line.replace(/whale\.session=[\w%.-]{40,}/g, 'whale.session=…')),
    '',
    body?.toString().slice(0, 2_000) ?? '',
  ].join('\n')

/** What was found, each kind once, with the request that showed it. */
export function describe(finds: readonly Find[]): string {
  const kinds = Map.groupBy(
    finds,
    ({ fault, detail, sent }) => `${fault} ${detail.slice(0, 80)} ${sent.split(/[/?\n]/, 3).join('/')}`,
  )
  return [...kinds.values()]
    .map((all) => {
      const { number, as, fault, detail, sent } = all[0]!
      return `${fault}, ${all.length} times, first with input ${number} as ${as}: ${detail}\n${sent.slice(0, 1_500).replace(/^/gm, '    ')}`
    })
    .join('\n\n')
}
