import { cursorsOf } from '#platform/cursor.ts'
import { messageProblems } from './problems.ts'

/** Cursors of lists of messages across conversations, which are sorted by a time and then by id. */
export const messagesInTime = cursorsOf(['time', 'id'], messageProblems['bad-cursor'], 'words')
