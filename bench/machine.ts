import { execFileSync } from 'node:child_process'
import { cpus, loadavg, totalmem } from 'node:os'
import { findBinaries } from '#platform/db/embedded/binaries.ts'

/** Where a run took place, and whether anything else was going on. */
export interface Machine {
  cores: number
  cpu: string
  memoryGiB: number
  node: string
  postgres: string
  loadAverage: number
}

export async function machine(): Promise<Machine> {
  const { postgres } = await findBinaries()
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    postgres: execFileSync(postgres, ['--version']).toString().trim().replace('postgres (PostgreSQL) ', ''),
    loadAverage: Number(loadavg()[0]!.toFixed(2)),
  }
}

export const described = ({ cores, cpu, memoryGiB, node, postgres, loadAverage }: Machine): string =>
  `${cores} × ${cpu}, ${memoryGiB} GiB, Node.js ${node}, PostgreSQL ${postgres} (durable, usual settings), load average ${loadAverage} at the start. Server, database, clients and load generator share the cores.`

/** One core in ten may be busy before figures are no longer to be trusted. */
export const isBusy = ({ cores, loadAverage }: Machine): boolean => loadAverage > cores * 0.15
