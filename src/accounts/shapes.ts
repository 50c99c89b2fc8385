import { Type, type Static } from 'typebox'
import { Count, Exact, Nullable, Time, Uuid } from '#platform/contract/shapes.ts'

export const Name = Type.String({
  minLength: 1,
  maxLength: 80,
  pattern: '\\S',
  description: 'The name that others see, 1 to 80 characters.',
})
export const Email = Type.String({
  format: 'idn-email',
  maxLength: 254,
  description:
    'An e-mail address, in any script. `ü@例え.テスト` and `ü@xn--r8jz45g.xn--zckzah` are the same address; upper and lower case are, too.',
})
export const Password = Type.String({ minLength: 10, maxLength: 200, description: 'At least 10 characters.' })
export const Role = Type.Enum(['owner', 'admin', 'member', 'guest'], {
  description:
    'Owners and admins run the place; members see every public channel; guests see only conversations they were added to.',
})
export type Role = Static<typeof Role>

export const Account = Exact(
  {
    id: Uuid('The account.'),
    name: Name,
    role: Role,
    avatar: Nullable(Type.String(), {
      description: 'Path of the picture on the API, or null: show initials. Changes with every new picture.',
    }),
    color: Type.Integer({
      minimum: 1,
      maximum: 6,
      description: 'Which of six colors its initials stand on. Given by turns, so that who joined next has another.',
    }),
    deactivated: Type.Optional(
      Type.Literal(true, {
        description: 'Only where it is so: an owner or admin has deactivated the account. It can do nothing.',
      }),
    ),
  },
  { title: 'Account' },
)
export type Account = Static<typeof Account>

export const Me = Exact(
  {
    id: Uuid('Your account.'),
    name: Name,
    role: Role,
    avatar: Account.properties.avatar,
    color: Account.properties.color,
    email: Email,
    sessionId: Nullable(Type.String({ format: 'uuid' }), { description: 'The session that asked.' }),
  },
  { title: 'Me' },
)
export type Me = Static<typeof Me>

export const Place = Exact(
  {
    name: Type.String({ minLength: 1, maxLength: 80, pattern: '\\S', description: 'The name of this place.' }),
    signUp: Type.Enum(['first', 'invitation', 'open'], {
      description:
        '`first`: nobody is here yet and the first account owns the place; `invitation`: others join by a link; `open`: anybody may sign up.',
    }),
  },
  { title: 'Place' },
)
export type Place = Static<typeof Place>

export const Session = Exact(
  {
    id: Uuid('The session.'),
    current: Type.Boolean({ description: 'Whether it is the one that asks.' }),
    userAgent: Nullable(Type.String(), { description: 'What the browser or program called itself.' }),
    ipAddress: Nullable(Type.String(), { description: 'Where it signed in from.' }),
    createdAt: Time('When it signed in.'),
    usedAt: Time('When it was last used; it may have been used for up to five minutes after that.'),
    expiresAt: Time('When it ends by itself, unless it is used until then.'),
  },
  { title: 'Session' },
)
export type Session = Static<typeof Session>

export const PasswordReset = Exact(
  {
    token: Type.String({ description: 'Told this once: the last part of the link, `{UI origin}/reset#{token}`.' }),
    expiresAt: Time('Until when it works, once.'),
  },
  { title: 'PasswordReset' },
)
export type PasswordReset = Static<typeof PasswordReset>

/** What whoever holds a reset link may know. */
export const PasswordResetPreview = Exact(
  {
    placeName: Type.String({ description: 'The place that the account belongs to.' }),
    name: Name,
    email: Email,
    expiresAt: Time('Until when it works.'),
  },
  { title: 'PasswordResetPreview' },
)
export type PasswordResetPreview = Static<typeof PasswordResetPreview>

export const Invitation = Exact(
  {
    id: Uuid('The invitation.'),
    role: Type.Enum(['member', 'guest'], { description: 'What they join as.' }),
    conversationIds: Type.Array(Type.String({ format: 'uuid' }), {
      description: 'Conversations that they join at once. Of an invitation that another made: those that you can see.',
    }),
    createdBy: Uuid('Who made it.'),
    createdAt: Time('When it was made.'),
    expiresAt: Time('Until when it works.'),
    uses: Count('How many joined by it.'),
    maxUses: Type.Integer({ minimum: 1, maximum: 1000, description: 'For how many people it works.' }),
  },
  { title: 'Invitation' },
)
export type Invitation = Static<typeof Invitation>

export const NewInvitation = Exact(
  {
    ...Invitation.properties,
    token: Type.String({ description: 'Told this once: the last part of the link, `{UI origin}/join/{token}`.' }),
  },
  { title: 'NewInvitation' },
)
export type NewInvitation = Static<typeof NewInvitation>

/** What somebody who holds a link, and has no account yet, may know. */
export const InvitationPreview = Exact(
  {
    placeName: Type.String({ description: 'The place that the link leads to.' }),
    invitedBy: Type.String({ description: 'The name of who made the link.' }),
    role: Invitation.properties.role,
    expiresAt: Time('Until when it works.'),
  },
  { title: 'InvitationPreview' },
)
export type InvitationPreview = Static<typeof InvitationPreview>
