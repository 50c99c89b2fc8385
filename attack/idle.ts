import { setTimeout as sleep } from 'node:timers/promises'
import { megabytes, milliseconds, quantile, watchLivez } from './figures.ts'
import type { Part } from './part.ts'
import { fiveHundredsCounted } from './place.ts'

/** What a place costs that nobody attacks: the figures that the other parts' are to be read beside. */
export const idle: Part = {
  name: 'idle',
  about: 'a place that nobody attacks',
  run: async ({ short, startPlace }) => {
    const place = await startPlace()
    const watch = watchLivez(place)
    await sleep(short ? 2_000 : 10_000)
    await watch.stop()
    const livez = watch.livez.map(({ ms }) => ms)
    const fiveHundreds = await fiveHundredsCounted(place)
    return [
      {
        what: '/livez, p99',
        figure: `${milliseconds(quantile(livez, 0.99))} of ${livez.length}`,
        holds: watch.failed === 0,
      },
      { what: 'memory at its peak', figure: megabytes(place.peakMemory()), holds: true },
      { what: 'five-hundreds', figure: String(fiveHundreds), limit: '0', holds: fiveHundreds === 0 },
    ]
  },
}
