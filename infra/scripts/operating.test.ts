// What docs/operating.md tells people to type must be there.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

const root = path.resolve(import.meta.dirname, '../..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const page = read('docs/operating.md')
const found = (pattern: RegExp, text = page): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, one]) => one!)),
]

test('every block of commands can be read by a shell', () => {
  const blocks = [...page.matchAll(/^( *)```sh\n([^]*?)^ *```$/gm)]
  assert.ok(blocks.length > 30)
  for (const [, indent, block] of blocks) {
    const commands = block!.replaceAll(new RegExp(`^${indent}`, 'gm'), '').replaceAll(/<[^>\n|]+>/g, 'something')
    const { stderr } = spawnSync('bash', ['-n'], { input: commands, encoding: 'utf8' })
    assert.equal(stderr, '', commands)
  }
})

test('every output that is asked of Terraform is one of production', () => {
  const asked = found(/\btf output (?:-raw |-json )?(\w+)/g)
  assert.ok(asked.includes('name_servers'))
  const outputs = found(/^output "(\w+)"/gm, read('infra/terraform/environments/production/outputs.tf'))
  assert.deepEqual(
    asked.filter((name) => !outputs.includes(name)),
    [],
  )
})

test('every setting that goes into settings.auto.tfvars is a variable', () => {
  const variables = ['production', 'standby'].flatMap((name) =>
    [...read(`infra/terraform/environments/${name}/variables.tf`).matchAll(/^(?:variable "| {4})(\w+)/gm)].map(
      ([, variable]) => variable!,
    ),
  )
  // `bucket` is an output that a command prints.
  const named = found(/`[^`\n]*?\b(\w+) = (?:"|true|false|\{|null)/g).filter((name) => name !== 'bucket')
  assert.ok(named.includes('password_managed_by'))
  assert.deepEqual(
    named.filter((name) => !variables.includes(name)),
    [],
  )
})

test('every file of the repository that is named exists', () => {
  const files = found(/(?<![\w/.])((?:infra|docs|cert-sync)\/[\w./@-]*[\w/])/g)
  assert.ok(files.includes('infra/scripts/images'))
  // Made by those who follow the page.
  const made = (file: string): boolean => /\.auto\.tfvars(\.json)?$/.test(file)
  assert.deepEqual(
    files.filter((file) => !made(file) && !existsSync(path.join(root, file))),
    [],
  )
})

test('the picture shows what its text says', () => {
  const drawn = read('docs/architecture.svg')
  const labels = found(/ \[label="([^"]+)"/g, read('docs/architecture.dot')).flatMap((label) => label.split('\\n'))
  assert.ok(labels.includes('Browsers and scripts'))
  for (const label of labels) assert.ok(drawn.includes(label.trim()), `${label} is not drawn: draw it anew.`)
})
