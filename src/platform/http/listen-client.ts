import { connect } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

// For listen.test.ts: 200 connections that ask at once. Counts in `asked` what has left, and says what was answered.

const { port, asked } = workerData as { port: number; asked: Int32Array }

const answers = Array.from({ length: 200 }, () => {
  let said = ''
  return new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n', () => Atomics.add(asked, 0, 1))
    })
    socket.setEncoding('latin1').on('data', (part: string) => (said += part))
    socket.on('error', () => {}).on('close', () => resolve(said.split(' ')[1] ?? 'cut off'))
  })
})
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, and no window
parentPort!.postMessage(await Promise.all(answers))
