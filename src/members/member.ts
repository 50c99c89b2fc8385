import type { Membership as Mine } from './access.ts'
import type { Member, Membership } from './contract.ts'

/** A membership as its owner sees it. */
export const membershipOf = ({ role, notify, joinedAt, readOrdinal }: Mine): Membership => ({
  role,
  notify,
  joinedAt: joinedAt.toISOString(),
  readOrdinal,
})

/** A membership as the others see it. */
export const memberOf = (row: { account_id: string; role: string; joined_at: Date }): Member => ({
  accountId: row.account_id,
  role: row.role as Member['role'],
  joinedAt: row.joined_at.toISOString(),
})
