// What is done about other people's accounts, and how they come in. Apart from contract.ts for the browser's sake: the first
// screen loads that one.

import { Type } from 'typebox'
import { endpoint } from '#platform/contract/endpoint.ts'
import { Exact, Uuid } from '#platform/contract/shapes.ts'
import { accountProblems as problem } from './problems.ts'
import {
  Account,
  Invitation,
  InvitationPreview,
  NewInvitation,
  Password,
  PasswordReset,
  PasswordResetPreview,
  Role,
  Session,
} from './shapes.ts'

const account = { tag: 'Accounts' } as const
const session = { tag: 'Sessions' } as const
const invitation = { tag: 'Invitations' } as const

export const changeRole = endpoint({
  ...account,
  operationId: 'changeRole',
  method: 'PATCH',
  path: '/v1/accounts/{accountId}',
  access: 'owner',
  summary: 'Change the role of an account',
  description: 'Only owners make or unmake owners; a place always keeps one.',
  params: Exact({ accountId: Uuid('The account.') }),
  example: { role: 'admin' },
  body: Exact({ role: Role }),
  replies: { 200: Account },
  problems: [
    problem['account-not-found'],
    problem['last-owner'],
    problem['looks-like-another'],
    problem['has-a-double'],
  ],
})

export const createInvitation = endpoint({
  ...invitation,
  operationId: 'createInvitation',
  method: 'POST',
  path: '/v1/invitations',
  access: 'account',
  summary: 'Make an invitation link',
  description:
    'Members may invite; guests may not. Only this reply holds the token: a link that was lost is replaced by a new one.',
  example: { role: 'member', maxUses: 25 },
  body: Exact({
    role: Type.Optional(Type.Enum(['member', 'guest'], { default: 'member', description: 'What they join as.' })),
    conversationIds: Type.Optional(
      Type.Array(Type.String({ format: 'uuid' }), {
        maxItems: 20,
        uniqueItems: true,
        description: 'Channels and groups of yours that they join at once.',
      }),
    ),
    maxUses: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, default: 25, description: 'For how many people it works.' }),
    ),
    expiresInHours: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 24 * 90, default: 168, description: 'How long it works.' }),
    ),
  }),
  replies: { 201: NewInvitation },
  problems: [problem['unknown-conversation']],
})

export const listInvitations = endpoint({
  ...invitation,
  operationId: 'listInvitations',
  method: 'GET',
  path: '/v1/invitations',
  access: 'account',
  summary: 'Invitations that still work',
  description: 'Your own; owners and admins see all. Newest first.',
  replies: { 200: Exact({ invitations: Type.Array(Invitation) }) },
  problems: [],
})

export const revokeInvitation = endpoint({
  ...invitation,
  operationId: 'revokeInvitation',
  method: 'DELETE',
  path: '/v1/invitations/{invitationId}',
  access: 'account',
  summary: 'Take an invitation back',
  params: Exact({ invitationId: Uuid('The invitation.') }),
  replies: { 204: null },
  problems: [problem['invitation-not-found']],
})

export const previewInvitation = endpoint({
  ...invitation,
  operationId: 'previewInvitation',
  method: 'GET',
  path: '/v1/invitations/by-token/{token}',
  access: 'public',
  summary: 'What an invitation link leads to',
  params: Exact({ token: Type.String({ minLength: 1, maxLength: 100, description: 'The last part of the link.' }) }),
  replies: { 200: InvitationPreview },
  problems: [problem['invitation-not-found'], problem['invitation-ended']],
})

// What owners and admins do about somebody's account. Owners upon everybody's, admins upon all but owners'.

const person = Exact({ accountId: Uuid('The account.') })
const ofSomebody = { access: 'owner', params: person } as const
const ResetToken = Type.String({ minLength: 1, maxLength: 100, description: 'What stands in the link after `#`.' })

export const deactivateAccount = endpoint({
  ...account,
  ...ofSomebody,
  operationId: 'deactivateAccount',
  method: 'PUT',
  path: '/v1/accounts/{accountId}/deactivation',
  summary: 'Deactivate an account',
  description:
    'At once and everywhere: its sessions and streams end, and with them the invitations and reset links that it gave. Its name, its messages and its memberships stay. A place always keeps an owner who is not deactivated. Repeating is harmless.',
  replies: { 200: Account },
  problems: [problem['account-not-found'], problem['last-owner']],
})

export const restoreAccount = endpoint({
  ...account,
  ...ofSomebody,
  operationId: 'restoreAccount',
  method: 'DELETE',
  path: '/v1/accounts/{accountId}/deactivation',
  summary: 'Restore an account that was deactivated',
  description: 'It may sign in again, and is where it was. Invitations that it gave have ended. Repeating is harmless.',
  replies: { 200: Account },
  problems: [problem['account-not-found'], problem['looks-like-another'], problem['has-a-double']],
})

export const listSessionsOf = endpoint({
  ...session,
  ...ofSomebody,
  operationId: 'listSessionsOf',
  method: 'GET',
  path: '/v1/accounts/{accountId}/sessions',
  summary: 'Where somebody is signed in',
  replies: { 200: Exact({ sessions: Type.Array(Session, { description: 'Newest first.' }) }) },
  problems: [problem['account-not-found']],
})

export const endSessionsOf = endpoint({
  ...session,
  ...ofSomebody,
  operationId: 'endSessionsOf',
  method: 'DELETE',
  path: '/v1/accounts/{accountId}/sessions',
  summary: 'End all sessions of an account, at once and everywhere',
  replies: { 204: null },
  problems: [problem['account-not-found']],
})

export const endSessionOf = endpoint({
  ...session,
  ...ofSomebody,
  operationId: 'endSessionOf',
  method: 'DELETE',
  path: '/v1/accounts/{accountId}/sessions/{sessionId}',
  summary: 'End one session of an account, at once and everywhere',
  params: Exact({ accountId: Uuid('The account.'), sessionId: Uuid('The session.') }),
  replies: { 204: null },
  problems: [problem['account-not-found'], problem['session-not-found']],
})

export const createPasswordReset = endpoint({
  ...account,
  ...ofSomebody,
  operationId: 'createPasswordReset',
  method: 'POST',
  path: '/v1/accounts/{accountId}/password-reset',
  summary: 'Make a link by which somebody sets a new password',
  description:
    'Give it to the person yourself: `{UI origin}/reset#{token}`. It works once, for an hour, and ends when a newer one is made, when the password is changed, or when whoever made it may no longer make one.',
  replies: { 201: PasswordReset },
  problems: [problem['account-not-found'], problem['not-while-deactivated']],
})

export const previewPasswordReset = endpoint({
  tag: 'Accounts',
  operationId: 'previewPasswordReset',
  method: 'POST',
  path: '/v1/password-resets/preview',
  access: 'public',
  summary: 'Whose a reset link is',
  description: 'The token comes in the body, because addresses are written to logs.',
  example: { token: 'cT3vQy0mGm3r1pV8o5Yx0a1bN2c4d6e8' },
  body: Exact({ token: ResetToken }),
  replies: { 200: PasswordResetPreview },
  problems: [problem['reset-link-ended']],
})

export const resetPassword = endpoint({
  tag: 'Accounts',
  operationId: 'resetPassword',
  method: 'POST',
  path: '/v1/password-resets',
  access: 'public',
  summary: 'Set a new password by a reset link',
  description: 'Uses the link up and ends all sessions of the account. Sign in with the new password afterwards.',
  example: { token: 'cT3vQy0mGm3r1pV8o5Yx0a1bN2c4d6e8', password: 'a rough morning at sea' },
  body: Exact({ token: ResetToken, password: Password }),
  replies: { 204: null },
  problems: [problem['reset-link-ended'], problem['weak-password']],
})
