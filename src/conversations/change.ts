import type { Static } from 'typebox'
import { note } from '#audit/note.ts'
import { type Appended, append } from '#delivery/append.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { lockAsReader, type Reading, requireGovernor, requireUnarchived } from '#members/access.ts'
import { memberProblems } from '#members/problems.ts'
import { refuse } from '#platform/contract/problem.ts'
import { type Database, type Transactor, violates } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import { type Caller, runsThePlace } from '#platform/http/caller.ts'
import type { changeConversation as contract, Conversation, ConversationChanged } from './contract.ts'
import { getConversation } from './get.ts'
import { takeChannelName } from './channel-names.ts'
import { channelName, groupName, topicText } from './names.ts'
import { conversationProblems } from './problems.ts'

type Wanted = Static<typeof contract.body>
type Change = ConversationChanged['change']

/**
 * Renames, sets the topic, archives, restores: each that changes something is an event of its own. Refuses with
 * `conversation-not-found`, `not-a-member`, `not-yours-to-change`, `conversation-archived`, `name-taken`,
 * `name-is-fixed`, `guests-rename-none`.
 */
export async function changeConversation(
  { db, delivery }: { db: Database; delivery: Delivery },
  caller: Caller,
  conversationId: string,
  wanted: Wanted,
): Promise<Conversation> {
  const { logged, conversation } = await transact(db.query, async (tx) => {
    const reading = await lockAsReader(tx, caller, conversationId)
    requireMay(caller, reading, wanted)
    const logged = await apply(tx, caller, reading, wanted)
    // Inside, because after the commit somebody may remove them at once.
    return { logged, conversation: await getConversation(tx, caller, conversationId) }
  }).catch((error: unknown) => {
    throw violates(error, 'conversations_channel_name') ? refuse(conversationProblems['name-taken']) : error
  })
  if (logged) delivery.announce({ conversationId: logged.conversationId, lastSeq: logged.lastSeq })
  return conversation
}

function requireMay(caller: Caller, reading: Reading, { name, topic, archived }: Wanted): void {
  const governs = archived !== undefined || (name !== undefined && reading.kind === 'channel')
  if (governs) requireGovernor(caller, reading)
  // Public names are unique, and guests see none of those channels: what is taken would tell them which there are.
  if (name !== undefined && reading.visibility === 'public' && caller.role === 'guest')
    throw refuse(conversationProblems['guests-rename-none'])
  const takesPart = topic !== undefined || (name !== undefined && !governs)
  // Whoever runs the place governs its channels from outside too; setting a topic is for those who take part.
  if (takesPart && reading.role === null) throw refuse(memberProblems['not-a-member'])
  if (name !== undefined && reading.kind === 'direct') throw refuse(conversationProblems['name-is-fixed'])
  // Restored by the same request, it can be changed by it.
  if ((name !== undefined || topic !== undefined) && archived !== false) requireUnarchived(reading)
}

/** Null where everything is as wanted already. */
async function apply(tx: Transactor, caller: Caller, reading: Reading, wanted: Wanted): Promise<Appended | null> {
  const now = await tx
    .selectFrom('conversations')
    .select(['name', 'topic'])
    .where('id', '=', reading.conversationId)
    .executeTakeFirstOrThrow()
  const name =
    wanted.name === undefined
      ? now.name
      : reading.kind === 'channel'
        ? channelName(wanted.name)
        : groupName(wanted.name)
  const topic = wanted.topic === undefined ? now.topic : topicText(wanted.topic)
  const archived = wanted.archived ?? reading.archived
  // In this order, a replay never shows a change of something archived.
  const changes: Change[] = []
  if (reading.archived && !archived) changes.push('restored')
  if (name !== now.name) changes.push('renamed')
  if (topic !== now.topic) changes.push('topic')
  if (!reading.archived && archived) changes.push('archived')
  if (!changes.length) return null
  const logged = await append(
    tx,
    reading.conversationId,
    changes.map((change) => ({ type: 'conversation.changed', accountId: caller.accountId, data: { change } })),
  )
  await tx
    .updateTable('conversations')
    .set({ name, topic, ...(archived === reading.archived ? {} : { archived_at: archived ? logged.at : null }) })
    .where('id', '=', reading.conversationId)
    .execute()
  // After the row was written: whoever takes the same name at once then waits for that, and not for each other.
  if (reading.kind === 'channel' && name !== now.name) await takeChannelName(tx, caller, reading.conversationId, name!)
  // What somebody does as an owner of the place, and not of the channel.
  if (reading.kind === 'channel' && reading.role !== 'owner' && runsThePlace(caller))
    for (const change of changes)
      if (change !== 'topic' && change !== 'created') {
        const where = reading.visibility === 'public' ? { conversationId: reading.conversationId } : {}
        await note(tx, caller, `channel.${change}`, null, where)
      }
  return logged
}
