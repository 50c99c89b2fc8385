import type { Part, Row } from '../part.ts'
import { lockOuts } from './lock-outs.ts'
import { sameCost } from './same-cost.ts'
import type { Subject } from './subject.ts'

const subjects: readonly Subject[] = [lockOuts, sameCost]

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
