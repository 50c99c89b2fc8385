import { operationsOfContracts } from '../operations.ts'
import type { Part } from '../part.ts'
import { fiveHundredsCounted } from '../place.ts'
import { matrix } from './matrix.ts'
import { undeclared } from './rules.ts'

export const matrixPart: Part = {
  name: 'matrix',
  about: 'every operation as every caller: who is let in, and that nothing is found out by who is not',
  run: async ({ short, say, startPlace }) => {
    const place = await startPlace({ env: { REQUESTS_PER_MINUTE: '10000000', SENDS_PER_MINUTE: '10000000' } })
    const operations = await operationsOfContracts()
    const cells = await matrix(place, operations, short)
    const wrong = cells.filter((cell) => !cell.holds)
    for (const { operation, caller, there, expected, got } of wrong)
      say(`${operation} as ${caller}${there && `, ${there}`}: ${expected} was expected, and ${got} came.`)
    const missing = undeclared(operations)
    for (const sentence of missing) say(sentence)
    const fiveHundreds = await fiveHundredsCounted(place)
    return [
      { what: 'questions asked', figure: String(cells.length), limit: 'at least 500', holds: cells.length >= 500 },
      { what: 'answered otherwise than the rules say', figure: String(wrong.length), limit: '0', holds: !wrong.length },
      { what: 'ids that no rule names', figure: String(missing.length), limit: '0', holds: !missing.length },
      { what: 'five-hundreds', figure: String(fiveHundreds), limit: '0', holds: fiveHundreds === 0 },
    ]
  },
}
