import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Endpoint } from '#platform/contract/endpoint.ts'

const source = path.resolve(import.meta.dirname, '../src')

/** Every operation of the API, from the contracts themselves: a new one is attacked without being named here. */
export async function operationsOfContracts(): Promise<Endpoint[]> {
  const folders = (await readdir(source, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  const operations: Endpoint[] = []
  for (const { name } of folders) {
    const names = await readdir(path.join(source, name))
    for (const file of names.filter((each) => /(^|-)contract\.ts$/.test(each))) {
      const contract = (await import(path.join(source, name, file))) as Record<string, unknown>
      operations.push(...Object.values(contract).filter(isEndpoint))
    }
  }
  return operations.sort((one, other) => one.operationId.localeCompare(other.operationId, 'en'))
}

const isEndpoint = (value: unknown): value is Endpoint =>
  typeof value === 'object' && value !== null && 'operationId' in value && 'access' in value && 'path' in value
