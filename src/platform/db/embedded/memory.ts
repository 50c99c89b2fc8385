import { totalmem } from 'node:os'

const mebibyte = 1024 * 1024

/**
 * `shared_buffers`: an eighth of the memory that this process may use, where a server of its own would be given a
 * quarter; from PostgreSQL's own 128 MiB to 4 GiB. It is occupied only as far as there is data. `bytes`: of memory.
 */
export function sharedBuffers(bytes = Math.min(totalmem(), process.constrainedMemory() || Infinity)): string {
  return `${Math.round(Math.min(Math.max(bytes / 8, 128 * mebibyte), 4_096 * mebibyte) / mebibyte)}MB`
}
