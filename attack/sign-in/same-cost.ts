import { newId } from '#platform/new-id.ts'
import { median, milliseconds, processorMs } from '../figures.ts'
import { addPeople, type Person } from '../people.ts'
import { behindProxy, Browser, setPassword } from './browser.ts'
import { fiveHundreds, type Subject } from './subject.ts'

// One kind of hash too many or too few makes it 1.9 or more.
const mostApart = 1.25

/** Whether the time of an answer tells who has an account: wrong passwords for one that is there, and for none, by turns. */
export const sameCost: Subject = {
  name: 'same cost',
  run: async ({ startPlace, short }) => {
    const place = await startPlace({ env: behindProxy })
    const [ada] = await addPeople(place, [{ name: 'Ada Lindqvist', role: 'owner' }])
    await setPassword(place, [ada!], 'a calm evening at sea')
    const nobody: Person = { ...ada!, email: `${newId()}@tidewater.example` }
    const statuses = new Set<number>()
    const rounds = short ? 3 : 9
    const costs = new Map<Person, number[]>([ada!, nobody].map((who) => [who, []]))
    for (let round = 0; round < rounds; round += 1)
      for (const [who, all] of costs)
        all.push(
          await processorMs(place, async () => {
            // The kernel counts in ticks of 10 ms.
            for (let n = 0; n < 5; n += 1)
              statuses.add(await new Browser(place, `198.51.100.${round * 5 + n}`).signIn(who, 'a rough guess'))
          }),
        )
    const [there, none] = [...costs.values()].map((all) => median(all) / 5) as [number, number]
    const apart = Math.max(there / none, none / there)
    return [
      {
        what: 'a wrong password of an account, and of none',
        figure: `${milliseconds(there)} and ${milliseconds(none)} of processor`,
        ...(short ? {} : { limit: `≤ ${mostApart} times the other` }),
        holds: short || apart <= mostApart,
      },
      { what: 'their answers', figure: [...statuses].join(), limit: '401', holds: [...statuses].join() === '401' },
      await fiveHundreds(place),
    ]
  },
}
