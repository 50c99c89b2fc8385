// Preloaded by the test run: a socket, server or timer that outlives the last test would keep the run waiting
// for ever. After five quiet seconds the run fails and names the kind of thing that was left open.
import { after } from 'node:test'

after(() => {
  const wait = setTimeout(() => {
    const open = [...new Set(process.getActiveResourcesInfo())].join(', ')
    process.stderr.write(`\nThe tests are done, but something is still open: ${open}. Close it in an after() hook.\n`)
    process.exit(1)
  }, 5000)
  wait.unref()
})
