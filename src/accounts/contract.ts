// Long because it is a list: one endpoint after the other, each read by itself.

import { Type } from 'typebox'
import { endpoint } from '#platform/contract/endpoint.ts'
import { Exact, Limit, Nullable, Uuid } from '#platform/contract/shapes.ts'
import { accountProblems as problem } from './problems.ts'
import {
  Account,
  Email,
  Invitation,
  InvitationPreview,
  Me,
  Name,
  Password,
  PasswordReset,
  PasswordResetPreview,
  Place,
  Role,
  Session,
} from './shapes.ts'

const place = { tag: 'Place' } as const
const account = { tag: 'Accounts' } as const
const session = { tag: 'Sessions' } as const
const invitation = { tag: 'Invitations' } as const

export const getPlace = endpoint({
  ...place,
  operationId: 'getPlace',
  method: 'GET',
  path: '/v1/place',
  access: 'public',
  summary: 'What this place is called and how people join it',
  replies: { 200: Place },
  problems: [],
})

export const changePlace = endpoint({
  ...place,
  operationId: 'changePlace',
  method: 'PATCH',
  path: '/v1/place',
  access: 'owner',
  summary: 'Rename the place, or open or close sign-up',
  example: { name: 'Tidewater' },
  body: Exact(
    {
      name: Type.Optional(Place.properties.name),
      signUp: Type.Optional(Type.Enum(['invitation', 'open'], { description: 'Who may make an account.' })),
    },
    { minProperties: 1 },
  ),
  replies: { 200: Place },
  problems: [],
})

export const signUp = endpoint({
  ...account,
  operationId: 'signUp',
  method: 'POST',
  path: '/v1/accounts',
  access: 'public',
  summary: 'Make an account and sign in',
  description:
    'The first account owns the place and may name it. Later ones need the token of an invitation, unless sign-up is open. The reply sets the session cookie.',
  example: { name: 'Ada Lindqvist', email: 'ada@tidewater.example', password: 'a calm evening at sea' },
  body: Exact({
    name: Name,
    email: Email,
    password: Password,
    invitation: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Token of an invitation.' })),
    placeName: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 80,
        pattern: '\\S',
        description: 'First account only: the name of the place.',
      }),
    ),
  }),
  replies: { 201: Me },
  problems: [
    problem['sign-up-closed'],
    problem['email-taken'],
    problem['looks-like-another'],
    problem['invitation-not-found'],
    problem['invitation-ended'],
    problem['weak-password'],
  ],
})

export const signIn = endpoint({
  ...session,
  operationId: 'signIn',
  method: 'POST',
  path: '/v1/sessions',
  access: 'public',
  summary: 'Sign in',
  description: 'The reply sets the session cookie. Wrong attempts are slowed per account and per address.',
  example: { email: 'ada@tidewater.example', password: 'a calm evening at sea' },
  body: Exact({ email: Email, password: Type.String({ minLength: 1, maxLength: 200, description: 'The password.' }) }),
  // Anybody may send it. Fits every password in UTF-8, and all but the longest of emoji that is escaped sign by sign.
  bodyLimit: 2048,
  replies: { 201: Me },
  problems: [problem['wrong-credentials'], problem['account-deactivated']],
})

export const signOut = endpoint({
  ...session,
  operationId: 'signOut',
  method: 'DELETE',
  path: '/v1/sessions/current',
  access: 'account',
  summary: 'Sign out of this session',
  replies: { 204: null },
  problems: [],
})

export const listSessions = endpoint({
  ...session,
  operationId: 'listSessions',
  method: 'GET',
  path: '/v1/sessions',
  access: 'account',
  summary: 'Where you are signed in',
  replies: { 200: Exact({ sessions: Type.Array(Session, { description: 'Newest first.' }) }) },
  problems: [],
})

export const endSession = endpoint({
  ...session,
  operationId: 'endSession',
  method: 'DELETE',
  path: '/v1/sessions/{sessionId}',
  access: 'account',
  summary: 'End one of your sessions, at once and everywhere',
  params: Exact({ sessionId: Uuid('The session.') }),
  replies: { 204: null },
  problems: [problem['session-not-found']],
})

export const getMe = endpoint({
  ...account,
  operationId: 'getMe',
  method: 'GET',
  path: '/v1/me',
  access: 'account',
  summary: 'Who you are',
  replies: { 200: Me },
  problems: [],
})

export const changeMe = endpoint({
  ...account,
  operationId: 'changeMe',
  method: 'PATCH',
  path: '/v1/me',
  access: 'account',
  summary: 'Change your name',
  example: { name: 'Ada Lindqvist' },
  body: Exact({ name: Name }),
  replies: { 200: Me },
  problems: [problem['looks-like-another'], problem['has-a-double']],
})

export const changePassword = endpoint({
  ...account,
  operationId: 'changePassword',
  method: 'PUT',
  path: '/v1/me/password',
  access: 'account',
  summary: 'Change your password; your other sessions end',
  example: { current: 'a calm evening at sea', next: 'a rough morning at sea' },
  body: Exact({
    current: Type.String({ minLength: 1, maxLength: 200, description: 'The password until now.' }),
    next: Password,
  }),
  replies: { 204: null },
  problems: [problem['wrong-credentials'], problem['weak-password']],
})

export const putAvatar = endpoint({
  ...account,
  operationId: 'putAvatar',
  method: 'PUT',
  path: '/v1/me/avatar',
  access: 'account',
  summary: 'Set your picture',
  description: 'Turned upright, cut to a square of 256 pixels and kept as WebP, without what the camera wrote into it.',
  body: {
    media: ['image/png', 'image/jpeg', 'image/webp', 'image/avif', 'image/gif'],
    description: 'The picture, at most 8 MB.',
  },
  bodyLimit: 8 * 1024 * 1024,
  replies: { 200: Me },
  problems: [problem['not-a-picture']],
})

export const removeAvatar = endpoint({
  ...account,
  operationId: 'removeAvatar',
  method: 'DELETE',
  path: '/v1/me/avatar',
  access: 'account',
  summary: 'Remove your picture',
  replies: { 200: Me },
  problems: [],
})

export const getAvatar = endpoint({
  ...account,
  operationId: 'getAvatar',
  method: 'GET',
  path: '/v1/accounts/{accountId}/avatar/{version}',
  access: 'account',
  summary: 'The picture of an account',
  params: Exact({ accountId: Uuid('The account.'), version: Uuid('From `avatar`; a new picture has a new one.') }),
  replies: { 200: { media: ['image/webp'], description: 'A square WebP picture. May be cached for ever.' } },
  problems: [problem['avatar-not-found']],
})

export const listAccounts = endpoint({
  ...account,
  operationId: 'listAccounts',
  method: 'GET',
  path: '/v1/accounts',
  access: 'account',
  summary: 'Find people, by name or by id',
  description:
    'Sorted by name. Guests find only people whom they share a conversation with; by id also those who left one and whose words they can read. Who is deactivated is found by id only.',
  query: Exact({
    ids: Type.Optional(
      Type.String({
        maxLength: 3700,
        pattern: '^[0-9a-fA-F-]{36}(,[0-9a-fA-F-]{36}){0,99}$',
        description: 'Up to 100 account ids, separated by commas.',
      }),
    ),
    query: Type.Optional(
      Type.String({ maxLength: 100, description: 'Start of any word of the name, or of the e-mail address.' }),
    ),
    state: Type.Optional(
      Type.Enum(['active', 'all'], {
        default: 'active',
        description: '`all`: with those who are deactivated; for owners and admins.',
      }),
    ),
    after: Type.Optional(Type.String({ maxLength: 600, description: 'Cursor: `next` of the page before.' })),
    limit: Limit(200, 50),
  }),
  replies: {
    200: Exact({
      accounts: Type.Array(Account),
      next: Nullable(Type.String(), { description: 'Cursor of the next page, or null at the end.' }),
    }),
  },
  problems: [problem['bad-cursor']],
})

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
  description: 'Members may invite; guests may not.',
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
  replies: { 201: Invitation },
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
