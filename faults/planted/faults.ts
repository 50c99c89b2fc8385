import type { RoundKind } from '../round.ts'

export interface PlantedFault {
  name: string
  /** The rules of which at least one has to find it. */
  foundBy: readonly string[]
  /** The kind of round in which it shows; `calm` unless said otherwise. */
  round?: RoundKind
  /**
   * Changes to the product's code, in memory: each replaces the first `from` in a file below src/. As little as will
   * do, because the code around it changes; in `to`, `$&` and `$1` mean what they mean to a regular expression.
   */
  code?: readonly { file: string; from: string | RegExp; to: string }[]
  /** Changes to the database, once its schema is there. */
  sql?: readonly string[]
  /** Whether it takes a standby to show. */
  standby?: boolean
  /** Faults of the storm that it takes to show, and that are then as likely as all others together. */
  needs?: readonly string[]
}

/** What a messaging system gets wrong, one at a time, in this one. Each has to be found, or the checker is no good. */
export const plantedFaults: readonly PlantedFault[] = [
  {
    name: 'sweep off',
    foundBy: ['not caught up'],
    code: [
      {
        file: 'delivery/hub.ts',
        from: /async sweep\([^{]*\{/,
        to: '$& if (ids) return',
      },
    ],
  },
  {
    name: 'cutover race',
    foundBy: ['gap'],
    round: 'storm',
    needs: ['a client that goes away and comes back'],
    code: [
      {
        file: 'delivery/outbox.ts',
        from: 'for (const event of behind.get(id) ?? []) this.#pushNext(event)',
        to: '',
      },
      {
        file: 'delivery/outbox.ts',
        from: 'if (position === undefined || position >= this.#supply.head(id)) behind.delete(id)',
        to: `behind.delete(id)
      if (position !== undefined && position < this.#supply.head(id)) this.#positions.set(id, this.#supply.head(id))`,
      },
      {
        file: 'delivery/outbox.ts',
        from: 'else if (position === before) behind.delete(id)',
        to: 'void before',
      },
    ],
  },
  {
    name: 'holes not noticed',
    foundBy: ['gap'],
    round: 'storm',
    needs: ['API–PostgreSQL: bus alone lost', 'API process: kill -9'],
    code: [
      {
        file: 'delivery/hub.ts',
        from: /if \(!served\.handing && events[^)]*\)/,
        to: 'if (events?.[0] && (served.handed = events[0].seq - 1) >= 0)',
      },
      {
        file: 'delivery/outbox.ts',
        from: 'else if (event.seq > position) return this.notice(event.conversationId)',
        to: 'else if (event.seq > position) this.#push(event)',
      },
    ],
  },
  {
    name: 'late revocation',
    foundBy: ['delivery to a non-member'],
    code: [
      { file: 'delivery/outbox.ts', from: `event.type === 'member.removed' &&`, to: 'false &&' },
      {
        file: 'delivery/hub.ts',
        from: 'if (outbox.endsWith(hint.conversationId, hint.lastSeq))',
        to: 'if (!outbox)',
      },
    ],
  },
  {
    name: 'end of a session not heard',
    foundBy: ['delivery to a revoked session'],
    code: [
      { file: 'delivery/hub.ts', from: 'outbox.sessionId === hint.sessionId', to: 'false' },
      // Which would find out by itself within a second.
      { file: 'accounts/access-changes.ts', from: 'if (fresh.length) await apply(fresh)', to: 'void apply' },
    ],
  },
  {
    name: 'cut off instead of drained',
    foundBy: ['dropped in a drain'],
    round: 'upgrade',
    code: [{ file: 'main.ts', from: 'await app?.stop()', to: 'void app' }],
  },
  {
    name: 'position in a thread goes back',
    foundBy: ['wrong unread count'],
    code: [{ file: 'members/read.ts', from: 'f.read_ordinal < excluded', to: 'f.read_ordinal <> excluded' }],
  },
  {
    name: 'reply numbered twice',
    foundBy: ['gap'],
    sql: [
      'drop index messages_reply_ordinal',
      `create function twice() returns trigger language plpgsql as $$ begin
        if new.reply_ordinal > 1 and random() < 0.3 then new.reply_ordinal := new.reply_ordinal - 1; end if; return new; end $$`,
      'create trigger twice before insert on messages for each row execute function twice()',
    ],
  },
  {
    name: 'repeat not recognised',
    foundBy: ['duplicated'],
    code: [
      {
        file: 'messages/keep.ts',
        from: 'sends.map((send) => send.clientId)',
        to: 'sends.map((send) => send.clientId.slice(0, 30) + Math.random().toString(36).slice(2))',
      },
    ],
  },
  {
    name: 'acknowledged before it is written',
    foundBy: ['lost', 'lost change'],
    round: 'storm',
    needs: ['PostgreSQL: kill -9'],
    sql: [
      'alter role current_user set synchronous_commit = off',
      `alter system set wal_writer_delay = '10s'`,
      'select pg_reload_conf()',
    ],
  },
  {
    name: 'event before commit',
    foundBy: ['state + events ≠ refetch', 'phantom', 'deleted text served'],
    code: [
      {
        file: 'messages/change.ts',
        from: /return appended\n/,
        to: `        delivery.announce({
          conversationId: appended.conversationId,
          lastSeq: appended.lastSeq,
          events: [{
            type: event.type, conversationId: appended.conversationId, seq: appended.lastSeq, at: appended.at.toISOString(),
            messageId: found.id, accountId: caller.accountId, by: caller.accountId, emoji: event.data?.emoji, message: toMessage(found),
          }],
        })
        return appended
`,
      },
    ],
  },
  {
    name: 'acknowledged edit forgotten',
    foundBy: ['lost change'],
    code: [
      {
        file: 'messages/edit.ts',
        from: 'if (message.body === body',
        to: '$& || Math.random() < 0.2',
      },
    ],
  },
  {
    name: 'unread counted by hand',
    foundBy: ['wrong unread count'],
    code: [
      {
        file: 'conversations/row.ts',
        from: 'row.last_ordinal - row.read_ordinal',
        to: 'byHand(row)',
      },
      {
        file: 'conversations/row.ts',
        from: 'const conversationOf = ',
        to: `const counts = new Map()
function byHand({ id, joined_at, last_ordinal, read_ordinal }) {
  const key = id + joined_at.getTime()
  const held = counts.get(key) ?? { last: last_ordinal, read: read_ordinal, count: last_ordinal - read_ordinal }
  held.count = read_ordinal > held.read ? 0 : held.count + last_ordinal - held.last
  Object.assign(held, { last: last_ordinal, read: read_ordinal })
  counts.set(key, held)
  return held.count
}
const conversationOf = `,
      },
    ],
  },
  {
    name: 'read position goes back',
    foundBy: ['wrong unread count'],
    code: [
      {
        file: 'members/read.ts',
        from: 'm.read_ordinal < least(',
        to: 'm.read_ordinal <> least(',
      },
    ],
  },
  {
    name: 'deleted text remembered',
    foundBy: ['deleted text served'],
    code: [
      {
        file: 'messages/list.ts',
        from: '.map((row) => messageIn(where.place, row))',
        to: '.map((row) => remembered(messageIn(where.place, row)))',
      },
      {
        file: 'messages/list.ts',
        from: /^(export )?(async )?function /m,
        to: `const texts = new Map()
function remembered(message) {
  if (message.body) texts.set(message.id, message.body)
  return { ...message, body: texts.get(message.id) ?? '' }
}
$&`,
      },
    ],
  },
  {
    name: 'number taken and not used',
    foundBy: ['gap'],
    code: [
      {
        file: 'delivery/append.ts',
        from: '${events.length}',
        to: '${events.length + (Math.random() < 0.1 ? 1 : 0)}',
      },
    ],
  },
  {
    name: 'joined writes in the wrong order',
    foundBy: ['gap', 'reordered'],
    code: [
      {
        file: 'delivery/socket.ts',
        from: 'events.map((event) => event.json)',
        to: 'events.toReversed().map((event) => event.json)',
      },
    ],
  },
  {
    name: 'sent again after catching up',
    foundBy: ['duplicated event', 'reordered'],
    round: 'storm',
    needs: ['a client that goes away and comes back'],
    code: [
      {
        file: 'delivery/outbox.ts',
        from: 'if (position !== undefined && event.seq === position + 1) this.#push(event)',
        to: 'if (position !== undefined && (event.seq === position + 1 || event.seq === position)) this.#push(event)',
      },
    ],
  },
  {
    name: 'a standby that is behind is believed',
    foundBy: ['stale read', 'stale read after own write'],
    round: 'storm',
    standby: true,
    needs: ['standby: held back'],
    code: [
      { file: 'messages/list.ts', from: "'messages' in there && there.seq >= lastSeq", to: "'messages' in there" },
    ],
  },
  {
    name: 'history from a memory',
    foundBy: ['stale read', 'stale read after own write'],
    code: [
      {
        file: 'messages/routes.ts',
        from: 'listFor(db, caller, params.conversationId, query)',
        to: `remembered([caller, params, query], () => $&)`,
      },
      {
        file: 'messages/routes.ts',
        from: /^export /m,
        to: `const pages = new Map()
function remembered(asked, list) {
  const key = JSON.stringify(asked)
  if (!pages.has(key)) pages.set(key, list().finally(() => setTimeout(() => pages.delete(key), 1_000)))
  return pages.get(key)
}
$&`,
      },
    ],
  },
  {
    name: 'strangers may read',
    foundBy: ['delivery to a non-member'],
    code: [{ file: 'members/access.ts', from: 'mine.account_id is not null or', to: 'true or $&' }],
  },
]
