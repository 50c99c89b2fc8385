// Where things are. Every module of bin/ is plain JavaScript for Node.js 20: it runs before anything is installed.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
export const at = (...parts) => join(root, ...parts)

/** One line for the person who waits. stderr, so that a command's own output stays clean. */
export const say = (line) => process.stderr.write(`${line}\n`)

/** What went wrong and what to do, in words meant for the person at the terminal; no stack is shown. */
export class Problem extends Error {}
