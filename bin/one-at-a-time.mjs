// Two commands started at once on a fresh clone must not install, or build, into each other.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { stopping } from './child.mjs'
import { Problem, at, say } from './place.mjs'

/** An owner touches its lock every second; one that has been silent for this long is gone (milliseconds). */
const silence = 20_000

/**
 * Runs `work` while no other process of this checkout runs work of the same name.
 * The lock is a file that names its process. It counts as left behind when that process does not exist, or,
 * because process ids are used again, when nobody has touched it for 20 s.
 */
export async function oneAtATime(name, work) {
  const file = at('dist', `${name}.lock`)
  try {
    mkdirSync(at('dist'), { recursive: true })
    await take(file, name)
  } catch (error) {
    if (error.code !== 'EACCES' && error.code !== 'EROFS') throw error
    throw new Problem(`This user may not write to ${at('dist')}. Run the command as the owner of the checkout.`)
  }
  const alive = setInterval(() => touch(file), 1000)
  try {
    return await work()
  } finally {
    clearInterval(alive)
    rmSync(file, { force: true })
  }
}

/** Waits until nobody does work of that name. */
export async function settled(name) {
  const file = at('dist', `${name}.lock`)
  for (let waits = 0; existsSync(file) && !leftBehind(file) && !stopping(); waits++) {
    if (waits === 0) tellOfWaiting(name)
    await sleep(200)
  }
}

const tellOfWaiting = (name) => say(`Waiting for another command to finish: ${name}…`)

async function take(file, name) {
  let told = false
  for (;;) {
    try {
      return writeFileSync(file, String(process.pid), { flag: 'wx' })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (leftBehind(file)) {
      clear(file)
      continue
    }
    if (!told) tellOfWaiting(name)
    told = true
    await sleep(200)
    if (stopping()) throw new Problem('Stopped.')
  }
}

function leftBehind(file) {
  try {
    const age = Date.now() - statSync(file).mtimeMs
    const owner = Number(readFileSync(file, 'utf8'))
    // An empty file is one whose owner is just writing its id.
    return age > silence || (owner > 0 && !exists(owner))
  } catch {
    return false // it was given back in this moment
  }
}

// Renaming first: of two that clear at once, one finds nothing to rename and cannot remove the other's new lock
// unless that was taken in the same instant.
function clear(file) {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
    rmSync(aside, { force: true })
  } catch {
    // another process was faster
  }
}

function exists(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function touch(file) {
  try {
    utimesSync(file, new Date(), new Date())
  } catch {
    // taken over after a long sleep of the machine; the work itself ends as it may
  }
}
