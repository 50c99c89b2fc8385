import type { FastifyRequest } from 'fastify'
import type { Asker } from './fair-queue.ts'
import { network } from './network.ts'

/** Works of one account that may wait at the same time: somebody who changes a password has one. */
const roomOfAccount = 4
/** Of those behind one address who are not signed in: a morning at an office. */
const roomOfAddress = 200

/** Who asks for work that has a queue: the account, or the address where nobody is signed in. */
export const askerOf = (request: FastifyRequest): Asker => ({
  key: request.caller?.accountId ?? network(request.ip),
  room: request.caller ? roomOfAccount : roomOfAddress,
  isGone: () => request.raw.socket.destroyed,
})
