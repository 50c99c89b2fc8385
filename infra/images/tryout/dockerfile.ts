// Reads the small part of the Dockerfile language that ours use. What it does not know it refuses, by line, rather than
// leave it out: the try-out must not pass for an image that Docker would build otherwise.

export interface Copy {
  readonly do: 'copy'
  /** Name of the stage that the files come from; undefined: the build context. */
  readonly from: string | undefined
  readonly chown: string | undefined
  readonly sources: readonly string[]
  readonly to: string
}

export interface Run {
  readonly do: 'run'
  readonly command: string
  /** What `--mount` asks for: a folder that outlives the build, or a file that is not in the image. */
  readonly mounts: readonly { readonly type: 'cache' | 'secret'; readonly target: string; readonly id: string }[]
}

export type Step = Copy | Run | { readonly do: 'workdir'; readonly folder: string }

export interface Stage {
  readonly name: string | undefined
  readonly from: string
  readonly steps: Step[]
  readonly env: Record<string, string>
  readonly labels: Record<string, string>
  readonly ports: number[]
  user: string
  workdir: string
  entrypoint: readonly string[]
  cmd: readonly string[]
  health: readonly string[] | undefined
  stopSignal: NodeJS.Signals
}

/**
 * @param args what `--build-arg` would give
 * @returns the stages in order, the last of which becomes the image
 */
export function parseDockerfile(text: string, args: Readonly<Record<string, string>>): Stage[] {
  const stages: Stage[] = []
  const known: Record<string, string> = {}
  for (const { line, word, rest } of instructions(text)) {
    const fail = (why: string): never => {
      throw new Error(`line ${line}: ${word} ${why}`)
    }
    const value = fill(rest, known)
    if (word === 'ARG') {
      const [, name = '', usual] = /^(\w+)(?:=(.*))?$/.exec(rest) ?? fail(`${rest} is not understood`)
      known[name] = args[name] ?? usual ?? fail(`${name} has no value`)
      continue
    }
    if (word === 'FROM') {
      const [, from = '', name] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(value) ?? fail(`${value} is not understood`)
      stages.push(newStage(name, from, stages))
      continue
    }
    const stage = stages.at(-1) ?? fail('stands before the first FROM')
    if (word === 'COPY') stage.steps.push(copy(value, stages, fail))
    else if (word === 'RUN') stage.steps.push(run(rest, fail))
    else if (word === 'WORKDIR') {
      stage.workdir = value
      stage.steps.push({ do: 'workdir', folder: value })
    } else if (word === 'ENV') Object.assign(stage.env, pairs(value, fail))
    else if (word === 'LABEL') Object.assign(stage.labels, pairs(value, fail))
    else if (word === 'USER') stage.user = value
    else if (word === 'EXPOSE') stage.ports.push(...value.split(/\s+/).map(Number))
    else if (word === 'STOPSIGNAL') stage.stopSignal = value as NodeJS.Signals
    else if (word === 'CMD') stage.cmd = list(value, fail)
    else if (word === 'ENTRYPOINT') stage.entrypoint = list(value, fail)
    else if (word === 'HEALTHCHECK') {
      const [, command = ''] = /^(?:--\w[\w-]*=\S+\s+)*CMD\s+(.*)$/.exec(value) ?? fail(`${value} is not understood`)
      stage.health = list(command, fail)
    } else fail('is not one of the instructions that the try-out knows')
  }
  return stages
}

type Fail = (why: string) => never

function* instructions(text: string): Generator<{ line: number; word: string; rest: string }> {
  let [whole, began] = ['', 0]
  for (const [index, raw] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(raw)) continue
    if (!whole) began = index + 1
    whole += raw.trim()
    if (whole.endsWith('\\')) {
      whole = `${whole.slice(0, -1).trimEnd()} `
      continue
    }
    const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(whole) ?? []
    yield { line: began, word: word.toUpperCase(), rest }
    whole = ''
  }
}

/** Docker fills `${NAME}` everywhere but in RUN, where the shell would. */
const fill = (text: string, known: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{(\w+)\}/g, (whole, name: string) => known[name] ?? whole)

function newStage(name: string | undefined, from: string, stages: readonly Stage[]): Stage {
  if (stages.some((stage) => stage.name === from)) throw new Error(`FROM ${from}: stages stand on the base only`)
  const nothing = { entrypoint: [], cmd: [], health: undefined, stopSignal: 'SIGTERM' as const }
  return { name, from, steps: [], env: {}, labels: {}, ports: [], user: 'root', workdir: '/', ...nothing }
}

function copy(value: string, stages: readonly Stage[], fail: Fail): Copy {
  const words = value.split(/\s+/)
  let [from, chown]: (string | undefined)[] = []
  while (words[0]?.startsWith('--')) {
    const [, name, given] = /^--(\w+)=(.+)$/.exec(words.shift()!) ?? []
    if (name === 'from') from = given
    else if (name === 'chown') chown = given
    else fail(`with --${name} is not understood`)
  }
  if (from !== undefined && !stages.some((stage) => stage.name === from)) fail(`takes from ${from}, which is no stage`)
  const to = words.pop()
  if (words.length === 0 || to === undefined || words.some((word) => /[*?[]/.test(word)))
    return fail('is not understood')
  if (words.length > 1 && !to.endsWith('/')) fail('of several files needs a folder that ends with /')
  return { do: 'copy', from, chown, sources: words, to }
}

function run(rest: string, fail: Fail): Run {
  const mounts: Run['mounts'][number][] = []
  let command = rest
  for (let found; (found = /^--(\S+)\s+/.exec(command)); command = command.slice(found[0].length)) {
    const [option = '', ...facts] = found[1]!.split(/[=,](?=\w+=|\w+$)/)
    const {
      type,
      target = '',
      id = target,
    } = Object.fromEntries(facts.map((fact) => fact.split('='))) as {
      [name: string]: string | undefined
    }
    if (option !== 'mount' || (type !== 'cache' && type !== 'secret') || !target) return fail(`--${found[1]}?`)
    mounts.push({ type, target, id })
  }
  return { do: 'run', command, mounts }
}

function pairs(value: string, fail: Fail): Record<string, string> {
  const found = [...value.matchAll(/([\w.-]+)=(?:"([^"]*)"|(\S*))(?:\s+|$)/g)]
  if (found.map(([whole]) => whole).join('') !== value) fail(`${value} is not understood`)
  return Object.fromEntries(found.map(([, name = '', quoted, plain]) => [name, quoted ?? plain ?? '']))
}

function list(value: string, fail: Fail): string[] {
  if (!value.startsWith('[')) fail('must be a list: a shell would stand between it and the signals')
  return JSON.parse(value) as string[]
}
