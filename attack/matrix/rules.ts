import type { Endpoint } from '#platform/contract/endpoint.ts'
import type { RoleName, Stage } from '../stage.ts'

// Who may do what, as far as it does not follow from `access` in a contract and from who is in a conversation. An operation
// that these rules do not know makes the matrix fail with a sentence that says what to declare here.

export type ConversationName = keyof Stage['conversations']

/** Who is in the conversations of the stage. */
export const membersOf: Readonly<Record<ConversationName, readonly RoleName[]>> = {
  public: ['owner', 'member', 'former'],
  private: ['owner', 'admin', 'member', 'guest'],
  group: ['owner', 'member', 'guest'],
  direct: ['member', 'guest'],
  archived: ['owner', 'admin', 'member', 'guest'],
  elsewhere: ['stranger'],
}

/** `member`; `visitor`: may read, and could join; `outsider`: to them it is not there. */
export type Standing = 'member' | 'visitor' | 'outsider'

export function standingOf(caller: RoleName, conversation: ConversationName): Standing {
  if (membersOf[conversation].includes(caller)) return 'member'
  return conversation === 'public' && caller !== 'guest' ? 'visitor' : 'outsider'
}

/** What visitors may do besides reading by GET; `governors`: only who runs the place. */
const visitorsMay: Readonly<Record<string, 'all' | 'governors'>> = {
  joinConversation: 'all',
  // Reads, by a POST because what it is asked for is long.
  findNamedMembers: 'all',
  removeMember: 'governors',
}

export function mayAsVisitor({ operationId, method }: Endpoint, caller: RoleName): boolean {
  if (method === 'GET' || visitorsMay[operationId] === 'all') return true
  return visitorsMay[operationId] === 'governors' && ['owner', 'admin'].includes(caller)
}

/** Operations that change what later ones are judged by come last, in this order. */
const last = ['joinConversation', 'signOut']
export const turnOf = ({ operationId }: Endpoint): number => last.indexOf(operationId)

/**
 * Every name under which an id is handed in, and how the matrix tries it: as part of the door of a conversation, or with
 * something hidden in its place (`hidden.ts`), or not at all, where the access of its operation says all.
 */
const ids: Readonly<Record<string, 'door' | 'hidden' | 'access'>> = {
  conversationId: 'door',
  messageId: 'hidden',
  threadRoot: 'hidden',
  around: 'hidden',
  sessionId: 'hidden',
  invitationId: 'hidden',
  version: 'hidden',
  conversationIds: 'hidden',
  accountIds: 'hidden',
  ids: 'hidden',
  accountId: 'access',
}
const noIds = ['emoji', 'token']

/** Sentences about operations that hand in ids, or whose path has parts, that the rules above do not name. */
export function undeclared(operations: readonly Endpoint[]): string[] {
  return operations.flatMap(({ operationId, path, query, body }) => {
    const parts = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name!)
    const names = new Set([...parts, ...idFields(query), ...idFields(body)])
    return [...names]
      .filter((name) => !Object.hasOwn(ids, name) && !noIds.includes(name))
      .map(
        (name) =>
          `${operationId} takes ${name}: say in attack/matrix/rules.ts what it names, and in hidden.ts try it with one that its caller may not know.`,
      )
  })
}

function idFields(schema: unknown, name = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const {
    format,
    properties = {},
    items,
    anyOf = [],
  } = schema as {
    format?: string
    properties?: Record<string, unknown>
    items?: unknown
    anyOf?: unknown[]
  }
  if (format === 'uuid') return [name]
  return [
    ...Object.entries(properties).flatMap(([key, inner]) => idFields(inner, key)),
    ...idFields(items, name),
    ...anyOf.flatMap((inner) => idFields(inner, name)),
  ]
}
