import { registerHooks } from 'node:module'
import { plantedFaults } from '../planted/faults.ts'

// Loaded before src/main.ts in every API process of a run (`node --import`), so that the product itself needs no
// switch: the harness can step this process's clock, and the checker's own test can plant a fault in its code.

// Listening to the harness keeps nobody alive.
process.channel?.unref()

let stepMs = 0
const RealDate = Date
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: [], self) =>
    given.length === 0
      ? Reflect.construct(target, [RealDate.now() + stepMs], self)
      : (Reflect.construct(target, given, self) as Date),
  apply: () => new RealDate(RealDate.now() + stepMs).toString(),
  get: (target, name, self) =>
    name === 'now' ? () => RealDate.now() + stepMs : (Reflect.get(target, name, self) as unknown),
})
process.on('message', (message: { stepMs: number }) => (stepMs = message.stepMs))

const planted = plantedFaults.find(({ name }) => name === process.env.WHALE_PLANTED_FAULT)
if (process.env.WHALE_PLANTED_FAULT && !planted)
  throw new Error(`There is no planted fault ${process.env.WHALE_PLANTED_FAULT}.`)
if (planted?.code)
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      const changes = planted.code!.filter(({ file }) => url.endsWith(`/src/${file}`))
      if (!changes.length) return loaded
      let source = Buffer.from(loaded.source as Uint8Array).toString()
      for (const { file, from, to } of changes) {
        // A fault that no longer fits the code would be "found" by nobody, for the wrong reason.
        const changed = source.replace(from, to)
        if (changed === source) throw new Error(`The planted fault does not fit ${file}: ${from}`)
        source = changed
      }
      return { ...loaded, source }
    },
  })
