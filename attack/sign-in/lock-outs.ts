import { usualLimits } from '#accounts/attempts.ts'
import { type Counts, told } from '../floods/client.ts'
import { milliseconds, processorMs } from '../figures.ts'
import { addPeople } from '../people.ts'
import { behindProxy, Browser, setPassword } from './browser.ts'
import { fiveHundreds, type Subject } from './subject.ts'

const networks = 100
const triesOfEach = 3
const password = 'a calm evening at sea'
const mostMsOfRefusal = 5

const count = (statuses: readonly number[]): Counts => {
  const counts: Counts = new Map()
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1)
  return counts
}

/** Strangers in a hundred networks guess the password of one account, all at once, and want to keep its owner out. */
export const lockOuts: Subject = {
  name: 'lock-outs',
  run: async ({ startPlace, short }) => {
    const place = await startPlace({ env: behindProxy })
    const [ada] = await addPeople(place, [{ name: 'Ada Lindqvist', role: 'owner' }])
    await setPassword(place, [ada!], password)
    const laptop = new Browser(place, '203.0.113.1')
    if ((await laptop.signIn(ada!, password)) !== 201) throw new Error('Ada cannot sign in before anybody attacks.')
    const thieves = Array.from({ length: networks }, (_, n) => laptop.stolenDevice(`192.0.2.${n}`))
    const strangers = Array.from({ length: networks }, (_, n) => new Browser(place, `198.51.100.${n}`))
    const guessing = (browsers: readonly Browser[], each: number) =>
      Promise.all(
        browsers.flatMap((browser) => Array.from({ length: each }, (_, n) => browser.signIn(ada!, `guess ${n}`))),
      )

    // The owner signs in again and again while the guesses are looked at, and after.
    const over = new AbortController()
    const storm = guessing(strangers, triesOfEach).finally(() => over.abort())
    const owners: number[] = []
    const waits: number[] = []
    do {
      const began = performance.now()
      owners.push(await laptop.signIn(ada!, password))
      waits.push(performance.now() - began)
    } while (!over.signal.aborted || owners.length < 5)
    const guesses = count(await storm)

    const newDevice = await new Browser(place, '203.0.113.7').signIn(ada!, password)
    let refused: number[] = []
    const refusedMs = await processorMs(place, async () => (refused = await guessing(strangers, 1)))
    // One after the other first: of one account four may wait at once, and all the others would not be looked at.
    const thiefs: number[] = []
    for (const thief of thieves) thiefs.push(await thief.signIn(ada!, 'a guess'))
    const hammering = guessing(thieves, triesOfEach)
    const ownersAfter = [await laptop.signIn(ada!, password), await laptop.signIn(ada!, password)]
    const stolen = count([...thiefs, ...(await hammering)])

    const { wrongPasswordsForEmail, wrongPasswordsFromDevice } = usualLimits
    const lookedAt = guesses.get(401) ?? 0
    const lookedAtOfThieves = stolen.get(401) ?? 0
    const all = [...owners, ...ownersAfter]
    const signedIn = all.filter((status) => status === 201).length
    return [
      {
        what: `${networks * triesOfEach} guesses from ${networks} networks at once`,
        figure: told(guesses),
        limit: `${wrongPasswordsForEmail.times}× 401 in an hour at most`,
        holds: lookedAt > 0 && lookedAt <= wrongPasswordsForEmail.times,
      },
      {
        what: 'the owner meanwhile and after, on a known device',
        figure: `${signedIn} of ${all.length} sign-ins, the longest after ${milliseconds(Math.max(...waits))}`,
        limit: 'all',
        holds: signedIn === all.length,
      },
      {
        what: 'the right password on a new device meanwhile',
        figure: String(newDevice),
        limit: '429',
        holds: newDevice === 429,
      },
      {
        what: `${networks * (triesOfEach + 1)} guesses with one stolen device cookie`,
        figure: told(stolen),
        limit: `${wrongPasswordsFromDevice.times}× 401 in ten minutes at most`,
        holds: lookedAtOfThieves > 0 && lookedAtOfThieves <= wrongPasswordsFromDevice.times,
      },
      {
        what: 'a guess that is refused without being looked at',
        figure: `${milliseconds(refusedMs / refused.length)} of processor`,
        ...(short ? {} : { limit: `≤ ${mostMsOfRefusal} ms` }),
        holds: refused.every((status) => status === 429) && (short || refusedMs / refused.length <= mostMsOfRefusal),
      },
      await fiveHundreds(place),
    ]
  },
}
