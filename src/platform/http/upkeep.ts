import type { FastifyInstance } from 'fastify'

/**
 * Does something now, beside the start of the server, and again so many milliseconds after it was done, until the server
 * closes, which waits for the one that is running. What fails is logged and tried again the next time.
 */
export function keepUp(
  app: FastifyInstance,
  { everyMs, what }: { everyMs: number; what: string },
  work: (state: { first: boolean; goOn: () => boolean }) => Promise<unknown>,
): void {
  let closing = false
  let timer: NodeJS.Timeout | undefined
  const goOn = () => !closing
  const round = async (first: boolean): Promise<void> => {
    try {
      await work({ first, goOn })
    } catch (error) {
      // The database that goes away while everything stops is no news.
      if (goOn()) app.log.warn({ err: error }, `${what} were not brought up to date`)
    }
    if (closing) return
    timer = setTimeout(() => {
      running = round(false)
    }, everyMs)
    timer.unref()
  }
  let running = round(true)
  app.addHook('onClose', async () => {
    closing = true
    clearTimeout(timer)
    await running
  })
}
