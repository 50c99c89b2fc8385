import { refuse } from '#platform/contract/problem.ts'
import { messageProblems } from './problems.ts'

/** A place in a list that is sorted by time and then by id. Opaque to clients. */
export interface Place {
  /** In ISO 8601, in UTC, to the millisecond. */
  at: string
  id: string
}

export const encodeCursor = ({ at, id }: Place): string => Buffer.from(`${at} ${id}`).toString('base64url')

/** Throws `bad-cursor` for anything that `encodeCursor` did not make. */
export function decodeCursor(text: string): Place {
  const [, time, id] =
    /^(\S{24}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(Buffer.from(text, 'base64url').toString()) ?? []
  const at = new Date(time ?? '')
  if (!id || Number.isNaN(at.getTime())) throw refuse(messageProblems['bad-cursor'])
  return { at: at.toISOString(), id }
}
