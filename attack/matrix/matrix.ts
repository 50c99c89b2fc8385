import type { Endpoint } from '#platform/contract/endpoint.ts'
import { newId } from '#platform/new-id.ts'
import { addPeople, addSession } from '../people.ts'
import { ask, type Ground, type Reply, type RoleName, roles, setStage, type Stage } from '../stage.ts'
import { hiddenThings } from './hidden.ts'
import { type ConversationName, mayAsVisitor, membersOf, standingOf, turnOf } from './rules.ts'

/** One question of the matrix: may this caller do that, there? */
export interface Cell {
  readonly operation: string
  readonly caller: string
  readonly there: string
  readonly expected: string
  readonly got: string
  readonly holds: boolean
}

type Outside = 'nobody' | 'forged' | 'expired' | 'deactivated'
const strangersToThePlace = ['nobody', 'forged', 'expired', 'deactivated'] as const

/** Codes with which a door is closed; whatever else is answered comes from behind it. */
const doors = ['signed-out', 'conversation-not-found', 'not-a-member']

/**
 * Asks every operation as every caller: whether it lets in whom its `access` and their memberships let in, and answers
 * all others as if there were nothing.
 */
export async function matrix(ground: Ground, operations: readonly Endpoint[], short: boolean): Promise<Cell[]> {
  const stage = await setStage(ground)
  const outside = await outsiders(ground, stage)
  const conversations = (short ? ['public', 'private', 'elsewhere'] : Object.keys(membersOf)) as ConversationName[]
  const cells: Cell[] = []
  const place = await prepare(ground, stage)
  const send = (operation: Endpoint, cookie: string | null, conversation: ConversationName | null) =>
    request(ground, operation, cookie, place.address(operation, conversation), place.body(operation))
  const note = (operation: Endpoint, caller: string, there: string, expected: string, reply: Reply, holds: boolean) =>
    void cells.push({
      operation: operation.operationId,
      caller,
      there,
      expected,
      got: `${reply.status} ${codeOf(reply)}`,
      holds,
    })

  const judgeOutsiders = async (operation: Endpoint) => {
    for (const name of strangersToThePlace) {
      const reply = await send(operation, outside[name], 'private')
      const isPublic = operation.access === 'public'
      const isOut = reply.status === 401 && codeOf(reply) === 'signed-out'
      note(operation, name, '', isPublic ? 'not 401 signed-out' : '401 signed-out', reply, isOut !== isPublic)
    }
  }
  const judgeRoles = async (operation: Endpoint) => {
    for (const caller of roles) {
      const reply = await send(operation, stage.people[caller].cookie, null)
      const isRefused = reply.status === 403 && codeOf(reply) === 'not-allowed'
      const ofThePlace = { owner: ['owner', 'admin'], 'owners-only': ['owner'], account: roles, public: roles }
      const mayNot = !(ofThePlace[operation.access] as readonly string[]).includes(caller)
      if (mayNot) note(operation, caller, '', '403 not-allowed', reply, isRefused)
      else
        note(
          operation,
          caller,
          '',
          'let in',
          reply,
          !doors.includes(codeOf(reply)) && (!operation.access.startsWith('owner') || !isRefused),
        )
    }
  }
  const judgeDoor = async (operation: Endpoint, conversation: ConversationName, caller: RoleName) => {
    const reply = await send(operation, stage.people[caller].cookie, conversation)
    const code = codeOf(reply)
    const standing = standingOf(caller, conversation)
    if (standing === 'outsider') {
      const none = await request(
        ground,
        operation,
        stage.people[caller].cookie,
        place.nowhere(operation),
        place.body(operation),
      )
      note(
        operation,
        caller,
        conversation,
        '404, as if there were none',
        reply,
        code === 'conversation-not-found' && alike(reply, none),
      )
    } else if (standing === 'member' || mayAsVisitor(operation, caller))
      note(operation, caller, conversation, 'let in', reply, !doors.includes(code))
    else
      note(operation, caller, conversation, '403 not-a-member', reply, reply.status === 403 && code === 'not-a-member')
  }

  for (const hidden of hiddenThings(stage, operations)) {
    const operation = operations.find(({ operationId }) => operationId === hidden.operationId)
    if (!operation) continue
    const { cookie } = stage.people[hidden.caller]
    const real = await request(ground, operation, cookie, hidden.real.url, hidden.real.body)
    const invented = await request(ground, operation, cookie, hidden.invented.url, hidden.invented.body)
    note(operation, hidden.caller, hidden.what, 'as if there were none', real, alike(real, invented))
  }
  for (const operation of operations.toSorted((one, other) => turnOf(one) - turnOf(other))) {
    await judgeOutsiders(operation)
    if (!operation.path.includes('{conversationId}')) await judgeRoles(operation)
    else
      for (const conversation of conversations)
        for (const caller of roles) await judgeDoor(operation, conversation, caller)
  }
  return cells
}

async function outsiders(ground: Ground, { people }: Stage): Promise<Record<Outside, string | null>> {
  const [gone] = await addPeople(ground, [{ name: `Gone ${people.owner.id}`, role: 'member' }])
  await ask(ground, people.owner, 'PUT', `/v1/accounts/${gone!.id}/deactivation`)
  const expired = await addSession(ground, people.member.id, '-1 hour')
  const cookie = people.owner.cookie
  return {
    nobody: null,
    forged: `${cookie.slice(0, 30)}${cookie[30] === 'a' ? 'b' : 'a'}${cookie.slice(31)}`,
    expired: expired.cookie,
    deactivated: gone!.cookie,
  }
}

/** What the requests of the matrix name: somebody to whom things are done, and a message of every conversation. */
async function prepare(ground: Ground, { people, conversations, messages, invitation, avatarVersions }: Stage) {
  const [subject] = await addPeople(ground, [{ name: `Subject ${people.owner.id}`, role: 'member' }])
  const messageIn = new Map<string, string>([['private', messages.plain]])
  for (const [name, id] of Object.entries(conversations) as [ConversationName, string][]) {
    const somebody = people[membersOf[name][0]!]
    if (name !== 'direct' && name !== 'archived')
      await ask(ground, somebody, 'POST', `/v1/conversations/${id}/members`, { accountIds: [subject!.id] })
    const page = await ask(ground, somebody, 'GET', `/v1/conversations/${id}/messages`)
    if (!messageIn.has(name)) messageIn.set(name, page.body.messages[0].id as string)
  }
  const parts = (conversation: ConversationName | null, none?: string): Record<string, string> => ({
    conversationId: none ?? conversations[conversation ?? 'private'],
    messageId: none ?? messageIn.get(conversation ?? 'private')!,
    accountId: subject!.id,
    sessionId: subject!.sessionId,
    invitationId: invitation.id,
    version: avatarVersions.member,
    emoji: encodeURIComponent('👍'),
    token: invitation.token,
  })
  const address = ({ path, query }: Endpoint, named: Record<string, string>) => {
    const { required = [] } = (query ?? {}) as { required?: string[] }
    return (
      path.replace(/\{(\w+)\}/g, (_all, name: string) => named[name]!) +
      (required.length ? `?${required.map((name) => `${name}=0`).join('&')}` : '')
    )
  }
  return {
    address: (operation: Endpoint, conversation: ConversationName | null) => address(operation, parts(conversation)),
    nowhere: (operation: Endpoint) => address(operation, parts(null, newId())),
    body: ({ operationId, body, example }: Endpoint): unknown => {
      if (!body) return undefined
      return operationId === 'addMembers' ? { accountIds: [subject!.id] } : (example ?? Buffer.from('no picture'))
    },
  }
}

/** A stream is left as soon as it has begun. */
async function request(
  ground: Ground,
  operation: Endpoint,
  cookie: string | null,
  url: string,
  body?: unknown,
): Promise<Reply> {
  if (operation.operationId !== 'stream')
    return ask(ground, cookie === null ? null : { cookie }, operation.method, url, body)
  const stop = new AbortController()
  const response = await fetch(`${ground.origin}${url}`, {
    headers: cookie === null ? {} : { cookie },
    signal: stop.signal,
  })
  const said = response.status === 200 ? {} : await response.json()
  stop.abort()
  return { status: response.status, body: said }
}

const codeOf = ({ body }: Reply): string => (body as { code?: string } | null)?.code ?? ''

/** Whether two answers tell the same: all of them, but for the names of the requests. */
function alike(one: Reply, other: Reply): boolean {
  const plain = ({ status, body }: Reply) =>
    JSON.stringify([status, typeof body === 'object' ? { ...body, requestId: '' } : body])
  return plain(one) === plain(other)
}
