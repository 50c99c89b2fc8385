import { Type, type Static } from 'typebox'
import { endpoint } from '#platform/contract/endpoint.ts'
import { uuidPattern } from '#platform/contract/ids.ts'
import { Count, Exact, Limit, Nullable, Position, Uuid } from '#platform/contract/shapes.ts'
import { deliveryProblems as problem } from './problems.ts'

/** The one version number of the stream's protocol. */
export const protocolVersion = 1

/** Seconds between heartbeats, both ways; a side that hears nothing for two of them gives up the socket. */
export const heartbeatSeconds = 20

/** What every event of a conversation's log has; the features' contracts give each type its further fields. */
export interface Event {
  type: string
  conversationId: string
  seq: number
  at: string
}

const conversationId = Uuid('The conversation.')
export const PresenceState = Type.Enum(['active', 'away', 'offline'], {
  description: '`active`: using it now; `away`: connected; `offline`: no connection.',
})
export type PresenceState = Static<typeof PresenceState>

// ── What a client says ───────────────────────────────────────────────────────────────────────────────

export const Hello = Exact(
  {
    type: Type.Literal('hello'),
    protocol: Type.Integer({ minimum: 1, description: `The protocol’s version: ${protocolVersion}.` }),
    positions: Type.Record(Type.String({ pattern: uuidPattern }), Position('The seq.'), {
      additionalProperties: false,
      description:
        'By conversation: the seq of the last event that you have. Yours that are not named start at their present head.',
    }),
    presence: Type.Optional(Type.Enum(['active', 'away'], { description: 'Whether somebody is using the client.' })),
    mostBehind: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'Where more events than this are missing, answer `reset` instead of sending them.',
      }),
    ),
  },
  { title: 'Hello', description: 'The first frame, within 10 s.' },
)
export const Watch = Exact(
  { type: Type.Literal('watch'), conversationId, after: Position('The last event that you have of it.') },
  { title: 'Watch', description: 'Follow a public channel that you have not joined, while you look at it.' },
)
export const Unwatch = Exact({ type: Type.Literal('unwatch'), conversationId }, { title: 'Unwatch' })
export const TypingFrame = Exact(
  {
    type: Type.Literal('typing'),
    conversationId,
    threadRoot: Type.Optional(Uuid('When it is a reply that is being written.')),
  },
  {
    title: 'TypingFrame',
    description: 'You are writing. Repeat every 3 s while it is true; others forget it after 6 s.',
  },
)
export const PresenceFrame = Exact(
  {
    type: Type.Literal('presence'),
    state: Type.Enum(['active', 'away'], { description: 'Yours, on this connection.' }),
  },
  { title: 'PresenceFrame' },
)
export const Ping = Exact(
  { type: Type.Literal('ping') },
  { title: 'Ping', description: `Every ${heartbeatSeconds} s.` },
)

export const ClientFrame = Type.Union([Hello, Watch, Unwatch, TypingFrame, PresenceFrame, Ping], {
  title: 'ClientFrame',
})
export type ClientFrame = Static<typeof ClientFrame>

// ── What the server says ─────────────────────────────────────────────────────────────────────────────

export const Head = Exact(
  {
    conversationId,
    lastSeq: Count('Head of its log.'),
    lastOrdinal: Count('Its newest top-level message.'),
    readOrdinal: Count('Your read position.'),
  },
  { title: 'Head' },
)
export const Welcome = Exact(
  {
    type: Type.Literal('welcome'),
    protocol: Type.Integer({ description: 'The protocol’s version.' }),
    accountId: Uuid('You.'),
    heads: Type.Array(Head, {
      description: 'All your conversations: fetch those that you do not know, forget those that are missing.',
    }),
    behind: Count('How many events are about to be caught up with.'),
    present: Type.Array(Exact({ accountId: Uuid('Who is connected.'), state: PresenceState }), {
      description: 'Everybody whose presence you may see, but those who are offline.',
    }),
  },
  { title: 'Welcome' },
)
export const Events = Exact(
  {
    type: Type.Literal('events'),
    events: Type.Array(
      Type.Object(
        {
          type: Type.String({ description: '`message.posted` and so on.' }),
          conversationId,
          seq: Type.Integer({ description: 'One more than the event of this conversation before it: always.' }),
          at: Type.String({ format: 'date-time', description: 'When it happened.' }),
        },
        { title: 'Event' },
      ),
      { description: 'In order within each conversation, without gaps, each once.' },
    ),
  },
  { title: 'Events' },
)
export const Live = Exact(
  { type: Type.Literal('live') },
  { title: 'Live', description: 'All that was missing has been sent; from here on it is live.' },
)
export const Reset = Exact(
  { type: Type.Literal('reset'), conversationId, lastSeq: Count('The stream goes on after this one.') },
  { title: 'Reset', description: 'Your position cannot be resumed as asked: fetch the conversation again.' },
)
export const Joined = Exact(
  { type: Type.Literal('joined'), conversationId, lastSeq: Count('The stream goes on after this one.') },
  { title: 'Joined', description: 'You are a member of it now: fetch it.' },
)
export const Left = Exact(
  { type: Type.Literal('left'), conversationId },
  { title: 'Left', description: 'You are no longer a member of it; no further event of it will come.' },
)
export const ReadMoved = Exact(
  {
    type: Type.Literal('read'),
    conversationId,
    threadRoot: Nullable(Type.String({ format: 'uuid' }), { description: 'The thread, when it is a position in one.' }),
    readOrdinal: Count('Your read position now, on all your devices.'),
  },
  { title: 'ReadMoved' },
)
export const Typing = Exact(
  {
    type: Type.Literal('typing'),
    conversationId,
    accountId: Uuid('Who is writing.'),
    threadRoot: Nullable(Type.String({ format: 'uuid' }), { description: 'When it is a reply.' }),
  },
  { title: 'Typing', description: 'Not kept. Forget it after 6 s, or when a message of theirs arrives.' },
)
export const Presence = Exact(
  {
    type: Type.Literal('presence'),
    changes: Type.Array(Exact({ accountId: Uuid('Whose.'), state: PresenceState }), {
      description: 'Each account once: how it is now.',
    }),
  },
  { title: 'Presence', description: 'Who came, went or changed since the last one. Not kept.' },
)
export const AccountChanged = Exact(
  { type: Type.Literal('account'), accountId: Uuid('Whose name, picture or role changed: fetch it again.') },
  { title: 'AccountChanged' },
)
export const Closing = Exact(
  {
    type: Type.Literal('closing'),
    reason: Type.Enum(['signed-out', 'too-slow', 'server-stopping', 'bad-frame', 'silent', 'changed'], {
      description: 'Why.',
    }),
    resume: Type.Boolean({ description: 'Whether to connect again, with your positions.' }),
    retryAfterSeconds: Type.Optional(Type.Number({ description: 'Not sooner than this.' })),
  },
  { title: 'Closing', description: 'The last frame.' },
)
export const Refused = Exact(
  {
    type: Type.Literal('refused'),
    code: Type.String({ description: 'The problem’s code.' }),
    title: Type.String({ description: 'One sentence.' }),
  },
  { title: 'Refused', description: 'The last frame that you sent was not followed.' },
)
export const Pong = Exact({ type: Type.Literal('pong') }, { title: 'Pong' })

export const ServerFrame = Type.Union(
  [Welcome, Events, Live, Reset, Joined, Left, ReadMoved, Typing, Presence, AccountChanged, Closing, Refused, Pong],
  { title: 'ServerFrame' },
)
export type ServerFrame = Static<typeof ServerFrame>

// ── The operations ───────────────────────────────────────────────────────────────────────────────────

export const stream = endpoint({
  tag: 'Stream',
  operationId: 'stream',
  method: 'GET',
  path: '/v1/stream',
  access: 'account',
  summary: 'Everything that happens in your conversations, from any position on',
  description: [
    'With an `Upgrade: websocket` header it is a WebSocket: send a `Hello` with your positions; the server answers `Welcome`, then what is missing as `Events`, then `Live`, and goes on. Shapes: `ClientFrame`, `ServerFrame`, and the events by their `type`.',
    'With `Accept: text/event-stream` the same frames come as server-sent events, for curl and scripts: `event:` is the frame’s type. An `id` says where you stand then, as `after` takes it; hand in the last one as `Last-Event-ID` (an `EventSource` does) and nothing is missing or repeated. It names the 200 conversations that changed last: with more, keep the positions yourself.',
  ].join('\n\n'),
  query: Exact({
    conversationId: Type.Optional(Uuid('Server-sent events only: this conversation alone.')),
    after: Type.Optional(
      Type.String({
        maxLength: 15_000,
        description:
          'Server-sent events only: positions, `{conversationId}:{seq}` separated by commas. `Last-Event-ID` does the same and prevails. Conversations that are not named start at their present head.',
      }),
    ),
  }),
  replies: { 200: { media: ['text/event-stream'], description: 'The frames, as they happen.' } },
  problems: [
    problem['conversation-not-found'],
    problem['bad-position'],
    problem['too-many-positions'],
    problem['server-stopping'],
  ],
})

export const listEvents = endpoint({
  tag: 'Stream',
  operationId: 'listEvents',
  method: 'GET',
  path: '/v1/conversations/{conversationId}/events',
  access: 'account',
  summary: 'The log of a conversation after a position',
  description:
    'The same events that the stream sends, for those who would rather ask. State fetched at `seq` plus the events after it equals a fresh fetch.',
  params: Exact({ conversationId }),
  query: Exact({
    after: Position('The seq of the last event that you have; 0 for all.'),
    limit: Limit(500, 200),
  }),
  replies: { 200: Exact({ events: Events.properties.events, lastSeq: Count('Head of the log.') }) },
  problems: [problem['conversation-not-found']],
})
