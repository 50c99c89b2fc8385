import { spawn, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Unprivileged } from './unprivileged.ts'

export interface Program {
  readonly process: ChildProcess
  /** To be called when the program has ended: the shell goes home. */
  readonly release: () => void
  /** Whether this process waits for the program before it ends by itself. */
  readonly keepAlive: (on: boolean) => void
}

/**
 * Starts one of PostgreSQL's programs so that it cannot outlive this process: a shell waits at the far end of a pipe,
 * and when the pipe closes without a word (this process was killed, even by `kill -9`) it sends SIGINT, which makes
 * the server roll back and shut down in good order. `release` says the word.
 *
 * The program is the leader of its own session: Ctrl-C at a terminal reaches this process, which still needs the
 * database to finish what it has accepted.
 */
export function startProgram(who: Unprivileged, command: readonly string[]): Program {
  // The inner shell is detached from the program by the outer subshell; PostgreSQL would take it for a child of its own.
  const script = '( ( read -r _ <&3 || kill -INT $$ ) >/dev/null 2>&1 & ); exec "$@" 3<&-'
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...who.prefix, ...command], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
    cwd: '/',
    // PGDATA, PGPORT and their like are meant for another server.
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    ...who.ids,
  })
  const rope = child.stdio[3] as Socket
  rope.on('error', () => {}) // the shell at the other end was killed; the server's own end is seen elsewhere
  return {
    process: child,
    release: () => void rope.end('\n'),
    keepAlive(on) {
      for (const part of [child, child.stdout, child.stderr, rope] as Partial<Socket>[]) {
        if (on) part.ref?.()
        else part.unref?.()
      }
    },
  }
}

/** Runs a program to its end and gives back its exit code and everything that it said. */
export function runProgram(who: Unprivileged, command: readonly string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve, reject) => {
    const { process: child, release } = startProgram(who, command)
    let said = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
    child.once('error', reject)
    child.once('exit', release)
    child.once('close', (code) => resolve({ code: code ?? 1, said }))
  })
}
