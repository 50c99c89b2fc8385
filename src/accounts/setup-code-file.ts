import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

// The setup code where the operator of the machine can read it, and nobody else.

export const setupCodeFile = (dataDir: string): string => path.join(dataDir, 'setup-code')

export async function readSetupCode(dataDir: string): Promise<string | undefined> {
  const text = await readFile(setupCodeFile(dataDir), 'utf8').catch(() => '')
  return text.trim() || undefined
}

/** Whole or not at all, and never readable by others, not for a moment. */
export async function writeSetupCode(dataDir: string, code: string): Promise<void> {
  const file = setupCodeFile(dataDir)
  const unfinished = `${file}.${process.pid}`
  await mkdir(dataDir, { recursive: true })
  await rm(unfinished, { force: true })
  await writeFile(unfinished, `${code}\n`, { mode: 0o600, flag: 'wx' })
  await rename(unfinished, file)
}

export const removeSetupCode = (dataDir: string): Promise<void> => rm(setupCodeFile(dataDir), { force: true })
