import { parentPort, workerData } from 'node:worker_threads'
import { watchLivez } from '../figures.ts'
import type { Place } from '../place.ts'

// Watches places from a thread of its own: the one that floods them is too busy to look at a clock.

const { origins } = workerData as { origins: readonly string[] }
const watches = origins.map((origin) => watchLivez({ origin } as Place))
parentPort!.once('message', () => {
  void Promise.all(watches.map((watch) => watch.stop())).then(() =>
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, and no window
    parentPort!.postMessage(watches.map(({ livez, failed }) => ({ livez, failed }))),
  )
})
