import type { FastifyRequest } from 'fastify'
import { refuse } from '../contract/problem.ts'
import { httpProblems } from './problems.ts'

type Payload = FastifyRequest['raw']
type Done = (error: Error | null, body?: Buffer) => void

/**
 * Reads a large body into memory that is taken once, as the head declares it: fastify keeps the pieces and then joins
 * them, which is twice the body. Refuses what is longer than the operation takes. `freeBody` gives the memory back.
 */
export function readWhole(request: FastifyRequest, payload: Payload, done: Done): void {
  const { mostBytes = 0 } = request.routeOptions.config
  const declared = request.headers['content-length']
  const length = declared === undefined ? mostBytes : Number(declared)
  if (length > mostBytes) return done(refuse(httpProblems['body-too-large']))
  // Nothing is occupied before it is written to. Not of the pool, whose memory others have a part of.
  const body = Buffer.allocUnsafeSlow(length)
  let received = 0
  const end = (error: Error | null, whole?: Buffer) => {
    payload.removeListener('data', onData).removeListener('end', onEnd).removeListener('error', onError)
    if (error) freeBody(body)
    done(error, whole)
  }
  const onData = (part: Buffer) => {
    if (received + part.length > length) return end(refuse(httpProblems['body-too-large']))
    received += part.copy(body, received)
  }
  const onEnd = () => {
    if (declared !== undefined && received !== length) return end(refuse(httpProblems['bad-request']))
    end(null, body.subarray(0, received))
  }
  const onError = () => end(refuse(httpProblems['bad-request']))
  payload.on('data', onData).on('end', onEnd).on('error', onError)
}

/**
 * Gives a body's memory back now, and not when it is next collected: eight megabytes each would pile up until then, and
 * bring the collections about. The body must not be in use any more, in another thread either; it is empty afterwards.
 */
export function freeBody(body: Buffer): void {
  const { buffer } = body
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0)
}
