// Preloaded by the test run: a socket, server or timer that outlives the last test would keep the run waiting
// for ever. When nothing has been closed for fifteen seconds, which is longer than any closing handshake of ours, the
// run fails and names what is open.
import { after } from 'node:test'

const patience = 15_000

// This hook is the first of all, so those that close things are still to come.
after(() => {
  let last = ''
  let since = Date.now()
  const watch = setInterval(() => {
    const open = process.getActiveResourcesInfo().sort().join(', ')
    if (open !== last) since = Date.now()
    last = open
    if (Date.now() - since < patience) return
    // The public list has kinds only, and a kind says little.
    const ends = process['_getActiveHandles']()
      .filter((handle) => handle.remotePort !== undefined)
      .map((socket) => `${socket.localPort} to ${socket.remoteAddress}:${socket.remotePort}`)
    if (ends.length) process.stderr.write(`\nSockets: ${ends.join(', ')}.\n`)
    process.stderr.write(`\nThe tests are done, but something is still open: ${open}. Close it in an after() hook.\n`)
    process.exit(1)
  }, 500)
  watch.unref()
})
