// Loaded into a process with --import: when the process that started it is gone, it is asked to stop.
// A parent that is stopped properly passes the signal on; this is for `kill -9`, which nobody can pass on.
import { isMainThread } from 'node:worker_threads'

if (isMainThread) {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  watch.unref()
}
