import type { Server } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'

/** Most turns of the event loop to wait for connections: somebody who connects without a pause holds up no close. */
const mostTurns = 500
/** So many turns without a new connection: what the last ones have sent is read by then. */
const quietTurns = 5

/**
 * Accepts the connections that wait at the server's sockets, and reads what they have sent. A socket that closes resets
 * those that wait at it, and Node.js takes a connection for idle from which nothing was read: their clients have sent
 * requests already, perhaps a second ago on a busy machine.
 */
export async function acceptWaiting(server: Server): Promise<void> {
  let accepted = 0
  const count = () => void (accepted += 1)
  server.on('connection', count)
  for (let turns = 0, quiet = 0; turns < mostTurns && quiet < quietTurns; turns += 1) {
    const before = accepted
    await turn()
    quiet = accepted === before ? quiet + 1 : 0
  }
  server.removeListener('connection', count)
}
