import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

// What Linux says about a process, all its threads together.

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK']).toString())

/** Seconds of CPU that it has used so far, in its own code and in the kernel. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The name in brackets may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** Milliseconds of CPU that its first thread has used so far: the one in which Node.js runs JavaScript. */
export function mainThreadMs(pid: number): number {
  const [nanoseconds] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'latin1').split(' ')
  return Number(nanoseconds) / 1e6
}

/** Bytes of memory that it occupies. */
export const residentBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))![1]) * 1024

/** The same after its garbage is collected; the process must have been started with `bench/gc.ts`. */
export async function residentBytesAfterGc(pid: number): Promise<number> {
  for (let n = 0; n < 3; n += 1) {
    process.kill(pid, 'SIGUSR2')
    await sleep(700)
  }
  return residentBytes(pid)
}
