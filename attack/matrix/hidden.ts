import { newId } from '#platform/new-id.ts'
import type { Endpoint } from '#platform/contract/endpoint.ts'
import type { RoleName, Stage } from '../stage.ts'

/** A request that names something which its caller may not know of, and the same with something that is not there. */
export interface Hidden {
  readonly operationId: string
  readonly caller: RoleName
  readonly what: string
  readonly real: Request
  readonly invented: Request
}

export interface Request {
  readonly url: string
  readonly body?: unknown
}

/** What is hidden from whom besides conversations: both requests of each must be answered alike. */
export function hiddenThings(stage: Stage, operations: readonly Endpoint[]): Hidden[] {
  const { people, conversations, messages, invitation, avatarVersions } = stage
  const inPrivate = `/v1/conversations/${conversations.private}`
  const nobody = newId()
  const pair = (
    operationId: string,
    caller: RoleName,
    what: string,
    of: (id: string) => Request,
    id: string,
  ): Hidden => ({
    operationId,
    caller,
    what,
    real: of(id),
    invented: of(nobody),
  })
  const all: Hidden[] = []
  // A message of another conversation, asked for through one that the caller is in.
  for (const { operationId, path, example } of operations.filter((each) => each.path.includes('{messageId}')))
    all.push(
      pair(
        operationId,
        'member',
        'a message of another conversation',
        (id) => ({
          url: path
            .replace('{conversationId}', conversations.private)
            .replace('{messageId}', id)
            .replace('{emoji}', encodeURIComponent('👍')),
          ...(example === undefined ? {} : { body: example }),
        }),
        messages.elsewhere,
      ),
    )
  for (const caller of ['admin', 'guest', 'stranger', 'former'] as const)
    all.push(
      pair(
        'endSession',
        caller,
        'a session of somebody else',
        (id) => ({ url: `/v1/sessions/${id}` }),
        people.member.sessionId,
      ),
    )
  for (const caller of ['guest', 'stranger', 'former'] as const) {
    all.push(
      pair(
        'revokeInvitation',
        caller,
        'an invitation of somebody else',
        (id) => ({ url: `/v1/invitations/${id}` }),
        invitation.id,
      ),
    )
    const asked = (id: string) => ({ url: '/v1/invitations', body: { conversationIds: [id] } })
    const there = caller === 'stranger' ? conversations.private : conversations.elsewhere
    all.push(pair('createInvitation', caller, 'a conversation of others', asked, there))
  }
  all.push(
    pair(
      'listMessages',
      'member',
      'a message of another conversation',
      (id) => ({ url: `${inPrivate}/messages?around=${id}` }),
      messages.elsewhere,
    ),
    pair(
      'postMessage',
      'member',
      'a thread of another conversation',
      (id) => ({ url: `${inPrivate}/messages`, body: { clientId: 'hidden', body: 'Hello', threadRoot: id } }),
      messages.elsewhere,
    ),
    pair(
      'moveReadPosition',
      'member',
      'a thread of another conversation',
      (id) => ({ url: `${inPrivate}/read`, body: { ordinal: 1, threadRoot: id } }),
      messages.elsewhere,
    ),
    pair(
      'getAvatar',
      'guest',
      'the picture of a stranger',
      (id) => ({ url: `/v1/accounts/${id}/avatar/${avatarVersions.stranger}` }),
      people.stranger.id,
    ),
    pair('listAccounts', 'guest', 'a stranger', (id) => ({ url: `/v1/accounts?ids=${id}` }), people.stranger.id),
    pair('listMembers', 'guest', 'a stranger', (id) => ({ url: `${inPrivate}/members?ids=${id}` }), people.stranger.id),
    pair(
      'createConversation',
      'guest',
      'a stranger',
      (id) => ({ url: '/v1/conversations', body: { kind: 'direct', accountIds: [id] } }),
      people.stranger.id,
    ),
    pair(
      'addMembers',
      'guest',
      'a stranger',
      (id) => ({ url: `${inPrivate}/members`, body: { accountIds: [id] } }),
      people.stranger.id,
    ),
    pair(
      'stream',
      'stranger',
      'a conversation of others',
      (id) => ({ url: `/v1/stream?conversationId=${id}` }),
      conversations.private,
    ),
    pair(
      'stream',
      'guest',
      'a public channel',
      (id) => ({ url: `/v1/stream?conversationId=${id}` }),
      conversations.public,
    ),
  )
  return all
}
