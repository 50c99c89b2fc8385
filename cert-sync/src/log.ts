/** One line of JSON per event, on stdout. Never give it a Secret, a key or a whole error object. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, facts?: Record<string, unknown>) => void

export const jsonLog: Log = (level, message, facts = {}) => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...facts })}\n`)
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
