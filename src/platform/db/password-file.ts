import { readFile } from 'node:fs/promises'
import pg from 'pg'

/**
 * From here on every new connection of this process whose address has no password takes it from this file, as it is
 * at that moment: whoever rotates the password replaces the file, and nothing needs a restart.
 */
export function takePasswordFrom(file: string): void {
  const read = async (): Promise<string> => (await readFile(file, 'utf8')).trim()
  // The driver calls a function at each connection; its types know that of a connection's options only.
  ;(pg.defaults as { password?: string | (() => Promise<string>) }).password = read
}
