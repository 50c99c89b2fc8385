// Load comes from processes of its own: on the loop of the server under test, or on the one that measures, it would
// be part of what is measured. `expose` is the child's side, `helper` the parent's.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

type Deed = (ask: never) => unknown
export type Deeds = Record<string, Deed>

interface Question {
  id: number
  name: string
  ask: unknown
}
interface Answer {
  id: number
  value?: unknown
  error?: string
}

/** A process that does what its parent asks. */
export interface Helper<D extends Deeds> {
  readonly pid: number
  call<K extends keyof D & string>(name: K, ...ask: Parameters<D[K]>): Promise<Awaited<ReturnType<D[K]>>>
  stop(): Promise<void>
}

/** Milliseconds on a clock that all processes of the machine share. */
export const now = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000

/** In the child: answers the parent's questions, and ends with it. */
export function expose(deeds: Deeds): void {
  process.on('message', ({ id, name, ask }: Question) => {
    const answer = async () => (deeds[name] as (ask: unknown) => unknown)(ask)
    answer().then(
      (value) => process.send!({ id, value } satisfies Answer),
      (error: unknown) => process.send!({ id, error: String((error as Error).stack ?? error) } satisfies Answer),
    )
  })
  process.on('disconnect', () => process.exit())
}

/** Starts `bench/<file>`, whose deeds are `D`. Rejects what is under way when it ends by itself. */
export function helper<D extends Deeds>(file: string, flags: readonly string[] = []): Helper<D> {
  const child: ChildProcess = fork(path.join(import.meta.dirname, file), [], {
    execArgv: [...flags],
    serialization: 'advanced',
  })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let asked = 0
  child.on('message', ({ id, value, error }: Answer) => {
    const { resolve, reject } = waiting.get(id)!
    waiting.delete(id)
    if (error === undefined) resolve(value)
    else reject(new Error(`${file}: ${error}`))
  })
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended with ${code}.`))
    waiting.clear()
  })
  return {
    pid: child.pid!,
    call: (name, ...[ask]) =>
      new Promise((resolve, reject) => {
        asked += 1
        waiting.set(asked, { resolve: resolve as (value: unknown) => void, reject })
        child.send({ id: asked, name, ask } satisfies Question)
      }),
    async stop() {
      if (child.exitCode !== null) return
      const exit = once(child, 'exit')
      child.disconnect()
      await exit
    },
  }
}
