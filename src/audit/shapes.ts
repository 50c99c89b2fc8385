import { Type, type Static } from 'typebox'
import { Exact, Nullable, Time, Uuid } from '#platform/contract/shapes.ts'

/** What is written down, each with what it says for whoever reads the list. A name never changes its meaning. */
export const kinds = {
  'session.started': 'Somebody signed in, or signed up.',
  'session.refused': 'A sign-in was refused. Counted by account, network and minute.',
  'session.ended': 'Sessions ended before their time.',
  'account.created': 'Somebody joined.',
  'account.role-changed': 'An account was given another role.',
  'account.deactivated': 'An account was deactivated.',
  'account.restored': 'An account was restored.',
  'password.changed': 'Somebody changed their own password.',
  'password-reset.created': 'A reset link was made for somebody.',
  'password-reset.used': 'Somebody set a new password by a reset link.',
  'invitation.created': 'An invitation was made.',
  'invitation.used': 'Somebody joined by an invitation.',
  'invitation.ended': 'An invitation was taken back, or ended with the deactivation of who gave it.',
  'place.renamed': 'The place was given another name.',
  'place.sign-up-changed': 'Sign-up was opened or closed.',
  'message.deleted': 'Somebody deleted a message of another.',
  'channel.archived': 'Who runs the place archived a channel that is not theirs.',
  'channel.restored': 'Who runs the place restored a channel that is not theirs.',
  'channel.renamed': 'Who runs the place renamed a channel that is not theirs.',
} as const
export type Kind = keyof typeof kinds

const names = Object.keys(kinds) as [Kind, ...Kind[]]

export const KindName = Type.Enum(names, {
  description: names.map((name) => `\`${name}\`: ${kinds[name]}`).join(' '),
})

/** Ids, roles and reasons. Never a text of a message, a name of a conversation, a password, a token or an e-mail address. */
export const Details = Exact(
  {
    sessionId: Type.Optional(Uuid('The session that began.')),
    sessions: Type.Optional(Type.Integer({ minimum: 1, description: 'How many sessions ended.' })),
    invitationId: Type.Optional(Uuid('The invitation.')),
    conversationId: Type.Optional(Uuid('The public channel. Private conversations are not named.')),
    messageId: Type.Optional(Uuid('The message, in a public channel.')),
    role: Type.Optional(Type.String({ description: 'What they joined as, or may join as.' })),
    was: Type.Optional(Type.String({ description: 'The role, the name of the place or its sign-up, before.' })),
    now: Type.Optional(Type.String({ description: 'The same, since.' })),
    reason: Type.Optional(
      Type.String({
        description:
          'Of a refusal: the code of its problem. Of sessions that ended: `signed-out`, `ended`, `password-changed`, `password-reset`, `deactivated`, `too-many`.',
      }),
    ),
    many: Type.Optional(
      Type.Literal(true, { description: 'Refusals of a minute that had too many to tell their networks apart.' }),
    ),
  },
  { title: 'AuditDetails' },
)
export type Details = Static<typeof Details>

export const AuditEntry = Exact(
  {
    id: Uuid('The entry.'),
    kind: KindName,
    at: Time('When it happened; the first time, where it is counted.'),
    lastAt: Time('The last time.'),
    times: Type.Integer({ minimum: 1, description: 'How often: refused sign-ins are counted.' }),
    actorId: Nullable(Type.String({ format: 'uuid' }), {
      description: 'Who did it. Null where nobody is known: of a refused sign-in the password was not theirs.',
    }),
    accountId: Nullable(Type.String({ format: 'uuid' }), { description: 'Whom it concerns; null where it is nobody.' }),
    ipAddress: Nullable(Type.String(), { description: 'Where the request came from.' }),
    userAgent: Nullable(Type.String(), { description: 'What the browser or program called itself.' }),
    details: Details,
  },
  { title: 'AuditEntry' },
)
export type AuditEntry = Static<typeof AuditEntry>
