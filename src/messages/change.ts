import { sql } from 'kysely'
import { append, type Appended, type NewEvent } from '#delivery/append.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { lockAsMember, type Membership, requireUnarchived } from '#members/access.ts'
import { refuse } from '#platform/contract/problem.ts'
import type { Database, Transactor } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import type { Caller } from '#platform/http/caller.ts'
import { messageProblems } from './problems.ts'
import type { Message } from './shapes.ts'
import { findMessage, type MessageRow, toMessage } from './store.ts'

export interface ChangeDeps {
  db: Database
  delivery: Delivery
}

export interface Target {
  conversationId: string
  messageId: string
}

/** What a verb finds when it has the conversation's lock: all of it stays true until it commits. */
export interface Scene {
  tx: Transactor
  caller: Caller
  membership: Membership
  message: MessageRow
  /** Logs an event about the message, which is what gives the change its place. Returns where and when. */
  log: (event: Omit<NewEvent, 'messageId'>) => Promise<Appended>
}

/**
 * The frame of every change to a message: lock, check, let `act` decide and log, commit, announce. Resolves
 * with the message as it is then. Where `act` logs nothing, nothing happened and nothing is announced.
 */
export async function change(
  { db, delivery }: ChangeDeps,
  caller: Caller,
  target: Target,
  act: (scene: Scene) => Promise<void>,
): Promise<Message> {
  let appended: Appended | undefined
  const message = await transact(db.query, async (tx) => {
    appended = undefined
    const membership = await lockAsMember(tx, caller, target.conversationId)
    requireUnarchived(membership)
    const found = await findMessage(tx, target.conversationId, target.messageId)
    if (!found) throw refuse(messageProblems['message-not-found'])
    await act({
      tx,
      caller,
      membership,
      message: found,
      log: async (event) => {
        appended = await append(tx, membership.conversationId, [{ ...event, messageId: found.id }])
        await tx
          .updateTable('messages')
          .set({ changed_seq: appended.lastSeq })
          .where('conversation_id', '=', found.conversation_id)
          .where('id', '=', found.id)
          .execute()
        return appended
      },
    })
    return appended ? (await findMessage(tx, found.conversation_id, found.id))! : found
  })
  if (appended) delivery.announce(appended)
  return toMessage(message)
}

/** Who is meant by a body, as rows: the members among those it names, but its author. */
export async function replaceMentions(
  tx: Transactor,
  message: MessageRow,
  meant: { accountIds: readonly string[]; channel: boolean },
): Promise<void> {
  await sql`
    with meant as (
      select account_id from members
      where conversation_id = ${message.conversation_id} and account_id <> ${message.account_id}
        and (${meant.channel} or account_id = any(${meant.accountIds}::uuid[]))
    ), gone as (
      delete from mentions where conversation_id = ${message.conversation_id} and message_id = ${message.id}
        and account_id not in (select account_id from meant)
    ), followed as (
      -- As in post_messages: who is meant in a thread follows it, from just before what means them.
      insert into thread_followers (conversation_id, thread_root, account_id, read_ordinal)
      select ${message.conversation_id}::uuid, ${message.thread_root}::uuid, account_id, ${message.reply_ordinal}::bigint - 1
      from meant where ${message.thread_root}::uuid is not null
      on conflict do nothing
    )
    insert into mentions (conversation_id, account_id, message_id, ordinal, thread_root, reply_ordinal)
    select ${message.conversation_id}::uuid, account_id, ${message.id}::uuid, ${message.ordinal}::bigint,
      ${message.thread_root}::uuid, ${message.reply_ordinal}::bigint
    from meant
    on conflict do nothing`.execute(tx)
}
