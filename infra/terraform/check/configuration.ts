// Reads Terraform files into plain values. A block becomes a list of objects, an argument its value; whatever is not a
// literal stays a string with its expression in ${…}.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { parse } from '@cdktn/hcl2json'

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value }
export type Body = Record<string, Value>

/** A resource, data source, ephemeral resource, module call, variable or output. */
export interface Block {
  /** How references name it: `aws_vpc.this`, `data.aws_region.current`, `module.network`. */
  address: string
  kind: 'resource' | 'data' | 'ephemeral' | 'module' | 'variable' | 'output'
  /** The provider's type; '' for modules, variables and outputs. */
  type: string
  name: string
  file: string
  body: Body
}

/** One folder of `.tf` files: a module, or the root of an environment. */
export interface Folder {
  /** Relative to the checked root, with slashes. */
  name: string
  /** On this disk. */
  path: string
  blocks: Block[]
  locals: Map<string, { value: Value; file: string }>
  /** Bodies of `terraform` and `provider` blocks. */
  settings: Body[]
  providers: Body[]
}

export interface Configuration {
  root: string
  folders: Map<string, Folder>
  findings: Finding[]
}

export interface Finding {
  where: string
  says: string
}

export const isObject = (value: Value | undefined): value is { [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A value as it stands in the file, for messages and for comparing expressions. */
export const textOf = (value: Value | undefined): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')

/** The bodies of a block type inside a body; none when there is none. */
export const nested = (body: Body, name: string): Body[] =>
  Array.isArray(body[name]) ? body[name].filter(isObject) : []

/** The labels of a labelled block: `resource "a" "b"` is twice this. */
const labelled = (value: Value | undefined): [string, Value][] => (isObject(value) ? Object.entries(value) : [])

const parsed = new Map<string, Body>()

async function read(file: string): Promise<Body> {
  const text = readFileSync(file, 'utf8')
  // The planted faults read the same files again and again, all but one unchanged.
  if (!parsed.has(text)) parsed.set(text, (await parse(path.basename(file), text)) as Body)
  return parsed.get(text)!
}

/** Reads every folder below `root` that holds `.tf` files. What cannot be parsed becomes a finding. */
export async function readConfiguration(root: string): Promise<Configuration> {
  const files = (readdirSync(root, { recursive: true }) as string[])
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => file.endsWith('.tf') && !file.includes('.terraform/'))
    .sort()
  const configuration: Configuration = { root, folders: new Map(), findings: [] }
  for (const file of files) {
    const name = path.posix.dirname(file)
    const folder = configuration.folders.get(name) ?? emptyFolder(name, path.join(root, name))
    configuration.folders.set(name, folder)
    try {
      add(folder, file, await read(path.join(root, file)))
    } catch (error) {
      configuration.findings.push({ where: file, says: `syntax: ${(error as Error).message.trim()}` })
    }
  }
  return configuration
}

const emptyFolder = (name: string, at: string): Folder => ({
  name,
  path: at,
  blocks: [],
  locals: new Map(),
  settings: [],
  providers: [],
})

function add(folder: Folder, file: string, body: Body): void {
  for (const kind of ['resource', 'data', 'ephemeral'] as const)
    for (const [type, names] of labelled(body[kind]))
      for (const [name, bodies] of labelled(names)) {
        const address = kind === 'resource' ? `${type}.${name}` : `${kind}.${type}.${name}`
        addBlock(folder, file, bodies, { address, kind, type, name })
      }
  for (const kind of ['module', 'variable', 'output'] as const)
    for (const [name, bodies] of labelled(body[kind]))
      addBlock(folder, file, bodies, { address: `${kind === 'variable' ? 'var' : kind}.${name}`, kind, type: '', name })
  for (const locals of nested(body, 'locals'))
    for (const [name, value] of Object.entries(locals)) folder.locals.set(name, { value, file })
  folder.settings.push(...nested(body, 'terraform'))
  for (const [, bodies] of labelled(body.provider)) folder.providers.push(...(bodies as Body[]))
}

function addBlock(folder: Folder, file: string, bodies: Value, block: Omit<Block, 'file' | 'body'>): void {
  for (const body of bodies as Body[]) folder.blocks.push({ ...block, file, body })
}

/** The folder that a module call's source leads to. */
export function calledFolder(configuration: Configuration, folder: Folder, call: Block): Folder | undefined {
  return typeof call.body.source === 'string'
    ? configuration.folders.get(path.posix.join(folder.name, call.body.source))
    : undefined
}

/** Reads a file that an expression names by `${path.module}/…`; undefined when it is not there. */
export function readBeside(folder: Folder, name: string): string | undefined {
  const file = path.join(folder.path, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

export const ofKind = (folder: Folder, kind: Block['kind'], type?: string): Block[] =>
  folder.blocks.filter((block) => block.kind === kind && (type === undefined || block.type === type))
