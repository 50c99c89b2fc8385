import { Type } from 'typebox'
import { endpoint } from '#platform/contract/endpoint.ts'
import { Exact, Uuid } from '#platform/contract/shapes.ts'
import { accountProblems as problem } from './problems.ts'
import { Account, Password, PasswordReset, PasswordResetPreview, Session } from './shapes.ts'

// What owners and admins do about somebody's account. Owners upon everybody's, admins upon all but owners'.

const person = Exact({ accountId: Uuid('The account.') })
const account = { tag: 'Accounts', access: 'owner', params: person } as const
const session = { tag: 'Sessions', access: 'owner' } as const
const Token = Type.String({ minLength: 1, maxLength: 100, description: 'What stands in the link after `#`.' })

export const deactivateAccount = endpoint({
  ...account,
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
  operationId: 'listSessionsOf',
  method: 'GET',
  path: '/v1/accounts/{accountId}/sessions',
  summary: 'Where somebody is signed in',
  params: person,
  replies: { 200: Exact({ sessions: Type.Array(Session, { description: 'Newest first.' }) }) },
  problems: [problem['account-not-found']],
})

export const endSessionsOf = endpoint({
  ...session,
  operationId: 'endSessionsOf',
  method: 'DELETE',
  path: '/v1/accounts/{accountId}/sessions',
  summary: 'End all sessions of an account, at once and everywhere',
  params: person,
  replies: { 204: null },
  problems: [problem['account-not-found']],
})

export const endSessionOf = endpoint({
  ...session,
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
  body: Exact({ token: Token }),
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
  body: Exact({ token: Token, password: Password }),
  replies: { 204: null },
  problems: [problem['reset-link-ended'], problem['weak-password']],
})
