// Child processes that share this process's fate: signals are passed on, and exit codes and signals are mirrored.
import { spawn } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { at, root } from './place.mjs'

const running = new Set()
let stopSignal

/** The preload that ends a child when this process is killed. An URL, because NODE_OPTIONS cannot hold spaces. */
export const followParent = pathToFileURL(at('bin', 'follow-parent.mjs')).href

/** Passes signals on for the rest of this process's life. */
export function passSignalsOn() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C arrives twice: the terminal signals the whole group, and npm passes its own on.
      if (signal === stopSignal) return
      stopSignal = signal
      for (const child of running) child.kill(signal)
      if (running.size === 0) mirror({ code: null, signal })
    })
  }
}

/** The signal by which somebody asked this process to stop: no further step may begin then. */
export const stopping = () => stopSignal

/**
 * Runs a program to its end, in the project's folder unless told otherwise.
 * Resolves to `{ code, signal, output }`, like the 'close' event; `output` is what it printed into pipes.
 * Rejects when the program cannot be started.
 */
export function run(program, args, { cwd = root, env = process.env, stdio = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => (output += text))
    running.add(child)
    child.once('error', (error) => {
      running.delete(child)
      reject(error)
    })
    child.once('close', (code, signal) => {
      running.delete(child)
      resolve({ code, signal, output })
    })
  })
}

/** Ends this process the way the child ended. */
export function mirror({ code, signal }) {
  if (!signal) process.exit(code ?? 1)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}
