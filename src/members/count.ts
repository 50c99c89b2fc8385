import type { Reader } from '#platform/db/database.ts'

/** How many people are in it. */
export async function countMembers(db: Reader, { conversationId }: { conversationId: string }): Promise<number> {
  const { count } = await db
    .selectFrom('members')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('conversation_id', '=', conversationId)
    .executeTakeFirstOrThrow()
  return count
}
