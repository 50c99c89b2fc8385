// Checks infra/terraform without an account: `node bin/run.mjs infra/terraform/check/main.ts [folder]`.
import path from 'node:path'
import { findingsIn } from './findings.ts'
import { checkForReal } from './terraform.ts'

const root = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..'))
const { findings, counts } = await findingsIn(root)
const real = await checkForReal(root)

const say = (line: string): boolean => process.stdout.write(`${line}\n`)
for (const { where, says } of findings) say(`${where}: ${says}`)
for (const line of [...real.failures, ...real.skipped.map((each) => `SKIPPED ${each}`)]) say(line)
const failures = findings.length + real.failures.length
say(failures === 0 ? `${counts}${real.done.map((each) => `; ${each}`).join('')}.` : `${failures} findings.`)
process.exitCode = failures === 0 ? 0 : 1
