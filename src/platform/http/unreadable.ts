import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Problem } from '../contract/problem.ts'
import { problemDocument } from './edge.ts'
import { httpProblems } from './problems.ts'

const byCode: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: httpProblems['headers-too-large'],
  ERR_HTTP_REQUEST_TIMEOUT: httpProblems['too-slow'],
}
const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
}

/**
 * Answers what Node.js cannot read as HTTP, which never becomes a request: with a problem document like every other
 * refusal, and the word that this connection ends, or a client would send its next request into a closed one.
 */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (!socket.writable) return void socket.destroy()
  const problem = byCode[error.code ?? ''] ?? httpProblems['bad-request']
  const body = JSON.stringify(problemDocument(problem, {}, randomUUID()))
  socket.write(
    [
      `HTTP/1.1 ${problem.status} ${reasons[problem.status]}`,
      'content-type: application/problem+json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'cache-control: no-store',
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  )
  socket.destroySoon()
}
