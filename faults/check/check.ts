import type { History } from '../history.ts'
import { duplicates, lostChanges, lostMessages } from './kept.ts'
import { dropsNothing } from './drain.ts'
import { gapsInTheLog, orderOfStreams, orderOfTime, phantoms } from './order.ts'
import { servesDeleted, tellsStrangers } from './privacy.ts'
import { tellsTheRevoked } from './sessions.ts'
import { wrongThreads } from './threads.ts'
import { readPositionsGoBack, wrongUnread } from './unread.ts'
import { notCaughtUp, staleReads, stateIsNotRefetch } from './view.ts'
import { nameOf, type Rule, tell, type Violation } from './violation.ts'

/** Everything was answered in the end, once all was healthy. */
const unanswered: Rule = (history) =>
  history.operations
    .filter(({ to, kind }) => to === null && kind !== 'history')
    .map((operation) => ({
      promise: 'P4',
      rule: 'never answered',
      what: `${operation.kind} of ${nameOf(history, operation.account)} had no answer 15 s after all was healthy.`,
      evidence: [tell(history, operation)],
    }))

const rules: readonly Rule[] = [
  lostMessages,
  lostChanges,
  duplicates,
  gapsInTheLog,
  orderOfTime,
  orderOfStreams,
  phantoms,
  notCaughtUp,
  stateIsNotRefetch,
  staleReads,
  wrongUnread,
  readPositionsGoBack,
  wrongThreads,
  tellsStrangers,
  tellsTheRevoked,
  servesDeleted,
  unanswered,
  dropsNothing,
]

/** Decides every promise over one round: the violations, none where all is held. */
export const check = (history: History): Violation[] => rules.flatMap((rule) => rule(history))
