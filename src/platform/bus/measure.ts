import { Counter, Gauge, type Registry } from 'prom-client'
import type { Bus, BusCounts } from './bus.ts'

const directions = ['sent', 'received', 'dropped', 'refused'] as const satisfies (keyof BusCounts)[]

/** Shows whether the bus is connected, and what went over it. */
export function measureBus(bus: Pick<Bus<unknown>, 'state' | 'counts'>, registry: Registry): void {
  const connected = new Gauge({
    name: 'whale_bus_connected',
    help: '1 while hints of other processes are heard. 0 delays what they send until the sweep finds it.',
    registers: [],
    collect() {
      this.set(bus.state === 'connected' ? 1 : 0)
    },
  })
  const hints = new Counter({
    name: 'whale_bus_hints_total',
    help: 'Hints sent to other processes, received from them, and dropped because they could not be sent; refused: what was heard that no process of this place said, or that came again.',
    labelNames: ['direction'],
    registers: [],
    collect() {
      this.reset()
      for (const direction of directions) this.inc({ direction }, bus.counts[direction])
    },
  })
  registry.registerMetric(connected)
  registry.registerMetric(hints)
}
