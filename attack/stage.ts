import type pg from 'pg'
import { addPeople, type Person } from './people.ts'

/** Where to knock, and the database for what a caller cannot do. */
export interface Ground {
  readonly origin: string
  readonly sql: Pick<pg.Pool, 'query'>
}

export interface Reply {
  readonly status: number
  // oxlint-disable-next-line typescript/no-explicit-any -- replies of every shape
  readonly body: any
}

export const roles = ['owner', 'admin', 'member', 'guest', 'stranger', 'former'] as const
export type RoleName = (typeof roles)[number]

/**
 * People of every kind, and one of each kind of thing, with what is to be known and what not: `stranger` is a member of
 * the place who is in none of the private conversations, and `former` was in the private channel and left.
 */
export interface Stage {
  readonly people: Readonly<Record<RoleName, Person>>
  readonly conversations: {
    readonly public: string
    readonly private: string
    readonly group: string
    readonly direct: string
    readonly archived: string
    /** The stranger's alone. */
    readonly elsewhere: string
  }
  /** In the private channel. */
  readonly messages: {
    readonly root: string
    readonly reply: string
    readonly deleted: string
    readonly plain: string
    readonly elsewhere: string
  }
  readonly invitation: { readonly id: string; readonly token: string }
  readonly avatarVersions: { readonly member: string; readonly stranger: string }
}

export async function ask(
  { origin }: Pick<Ground, 'origin'>,
  who: Pick<Person, 'cookie'> | null,
  method: string,
  url: string,
  body?: unknown,
): Promise<Reply> {
  const isBytes = body instanceof Uint8Array
  const response = await fetch(`${origin}${url}`, {
    method,
    headers: {
      ...(who ? { cookie: who.cookie } : {}),
      ...(body === undefined ? {} : { 'content-type': isBytes ? 'image/png' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    body: /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text,
  }
}

let stages = 0

/** Sets the stage through the API, so that its log is as the product would have written it. */
export async function setStage(ground: Ground): Promise<Stage> {
  const number = `${Date.now().toString(36)}-${(stages += 1)}`
  const rights = {
    owner: 'owner',
    admin: 'admin',
    member: 'member',
    guest: 'guest',
    stranger: 'member',
    former: 'member',
  } as const
  const made = await addPeople(
    ground,
    roles.map((role) => ({ name: `${role} ${number}`, role: rights[role] })),
  )
  const people = Object.fromEntries(roles.map((role, index) => [role, made[index]!])) as Record<RoleName, Person>
  const { owner, admin, member, guest, stranger, former } = people
  const must = async (who: Person, method: string, url: string, body?: unknown) => {
    const reply = await ask(ground, who, method, url, body)
    if (reply.status >= 300) throw new Error(`${method} ${url} answered ${reply.status} ${JSON.stringify(reply.body)}`)
    return reply.body
  }
  const conversation = async (who: Person, wanted: object, ...others: Person[]): Promise<string> =>
    (await must(who, 'POST', '/v1/conversations', { ...wanted, accountIds: others.map(({ id }) => id) })).id
  const channel = (name: string, visibility: string) => ({ kind: 'channel', name: `${name}-${number}`, visibility })
  const conversations = {
    public: await conversation(owner, channel('public', 'public'), member, former),
    private: await conversation(owner, channel('private', 'private'), admin, member, guest, former),
    group: await conversation(member, { kind: 'group', name: `group ${number}` }, owner, guest),
    direct: await conversation(member, { kind: 'direct' }, guest),
    archived: await conversation(owner, channel('archived', 'private'), admin, member, guest),
    elsewhere: await conversation(stranger, channel('elsewhere', 'private')),
  }
  let sent = 0
  const post = async (who: Person, id: string, body: string, threadRoot?: string): Promise<string> =>
    (
      await must(who, 'POST', `/v1/conversations/${id}/messages`, {
        clientId: `stage-${(sent += 1)}`,
        body,
        ...(threadRoot ? { threadRoot } : {}),
      })
    ).id
  const here = conversations.private
  const root = await post(member, here, `The root, <@${owner.id}> <@${guest.id}>`)
  const messages = {
    root,
    reply: await post(owner, here, `A reply, <@${member.id}>`, root),
    deleted: await post(member, here, 'Soon gone'),
    plain: await post(member, here, 'Plain'),
    elsewhere: await post(stranger, conversations.elsewhere, 'Nobody else knows of it'),
  }
  await must(member, 'DELETE', `/v1/conversations/${here}/messages/${messages.deleted}`)
  await must(guest, 'PUT', `/v1/conversations/${here}/messages/${root}/reactions/${encodeURIComponent('🐳')}`)
  for (const [who, id] of [
    [owner, conversations.public],
    [member, conversations.group],
    [guest, conversations.direct],
    [stranger, conversations.elsewhere],
    [member, conversations.archived],
  ] as const)
    for (const text of ['One', `Two <@${guest.id}>`]) await post(who, id, text)
  await must(owner, 'PATCH', `/v1/conversations/${conversations.archived}`, { archived: true })
  await must(former, 'DELETE', `/v1/conversations/${here}/members/${former.id}`)
  const invitation = await must(member, 'POST', '/v1/invitations', { role: 'guest', conversationIds: [here] })
  const picture = async (who: Person): Promise<string> =>
    (await must(who, 'PUT', '/v1/me/avatar', pixel)).avatar.split('/').at(-1)
  const avatarVersions = { member: await picture(member), stranger: await picture(stranger) }
  return { people, conversations, messages, invitation, avatarVersions }
}

/** A picture of one pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
