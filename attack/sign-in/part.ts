import type { Part, Row } from '../part.ts'
import { foreignHosts } from './foreign-hosts.ts'
import { lockOuts } from './lock-outs.ts'
import { sameCost } from './same-cost.ts'
import { sessionLimits } from './session-limits.ts'
import { stolenDatabase } from './stolen-database.ts'
import type { Subject } from './subject.ts'
import { twoCookies } from './two-cookies.ts'

const subjects: readonly Subject[] = [lockOuts, sameCost, stolenDatabase, twoCookies, sessionLimits, foreignHosts]

/** Who gets in, and who keeps whom out. */
export const signIn: Part = {
  name: 'sign-in',
  about: 'signing in as somebody else, and keeping somebody out',
  run: async (context) => {
    const rows: Row[] = []
    for (const { name, run } of subjects) {
      context.say(name)
      rows.push(...(await run(context)).map((row) => ({ ...row, what: `${name}: ${row.what}` })))
    }
    return rows
  },
}
