import { Type } from 'typebox'
import { endpoint } from '#platform/contract/endpoint.ts'
import { Exact, Limit, Nullable, Uuid } from '#platform/contract/shapes.ts'
import { accountProblems as problem } from './problems.ts'
import { Account, Email, Me, Name, Password, Place, Session } from './shapes.ts'

const place = { tag: 'Place' } as const
const account = { tag: 'Accounts' } as const
const session = { tag: 'Sessions' } as const

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
    'The first account owns the place, may name it, and needs the setup code, by which its maker proves to be the operator. Later ones need the token of an invitation, unless sign-up is open. The reply sets the session cookie.',
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
    setupCode: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description:
          'First account only: the code that the operator finds in the data folder. Later it is not looked at.',
      }),
    ),
  }),
  replies: { 201: Me },
  problems: [
    problem['sign-up-closed'],
    problem['setup-code-needed'],
    problem['wrong-setup-code'],
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
  description:
    'The reply sets the session cookie. Wrong attempts are slowed per account and per address; on a device that has signed in before, which a cookie of its own says, they are counted apart from everybody else’s. An account has 20 sessions at most: a further one ends the one that was not used for longest. A session ends 30 days after its last use, and 180 days after it began.',
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
  description: 'The session that asks goes on with a new token: the reply sets its cookie.',
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
  summary: 'Find people, by name, e-mail address or id',
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
      Type.String({
        maxLength: 254,
        description: 'Start of any word of the name, or the whole e-mail address. Guests find nobody by an address.',
      }),
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
