// What every module and environment has: versions, state, names.
import { type Body, type Configuration, type Finding, type Folder, isObject, nested, ofKind } from './configuration.ts'

const environments = ['production', 'small', 'standby']
const modules = ['network', 'cluster', 'database', 'bastion', 'files', 'registry', 'dns']

export function checkLayout(configuration: Configuration): Finding[] {
  const missing = [
    ...environments.map((name) => `environments/${name}`),
    ...modules.map((name) => `modules/${name}`),
  ].filter((name) => !configuration.folders.has(name))
  return [
    ...missing.map((name) => ({ where: name, says: 'missing' })),
    ...[...configuration.folders.values()].flatMap((folder) =>
      checkFolder(folder).map((says) => ({ where: folder.name, says })),
    ),
  ]
}

function checkFolder(folder: Folder): string[] {
  const says: string[] = []
  const settings = folder.settings
  const provider = settings.flatMap((body) => nested(body, 'required_providers')).map((body) => body.aws)
  const aws = provider.find(isObject)
  if (aws?.source !== 'hashicorp/aws' || aws.version !== '~> 6.0') says.push('does not ask for hashicorp/aws ~> 6.0')
  if (!settings.some((body) => body.required_version === '>= 1.11'))
    says.push('does not ask for Terraform >= 1.11 (state lock file in S3, write-only arguments)')
  if (folder.name.startsWith('modules/') && (folder.providers.length > 0 || settings.some((body) => body.backend)))
    says.push('a module configures neither providers nor state')
  return folder.name.startsWith('environments/') ? [...says, ...checkEnvironment(folder)] : says
}

function checkEnvironment(folder: Folder): string[] {
  const says: string[] = []
  const name = folder.name.replace('environments/', '')
  const backend = folder.settings.map(({ backend }) => (isObject(backend) ? backend.s3 : undefined)).find(Array.isArray)
  const s3 = (backend?.[0] ?? {}) as Body
  if (s3.key !== `${name}/terraform.tfstate`) says.push('its state is not kept under its own key in S3')
  if (s3.encrypt !== true || s3.use_lockfile !== true) says.push('its state is not encrypted or not locked')
  if (!folder.providers.every((body) => body.allowed_account_ids !== undefined))
    says.push("would apply with any account's credentials")
  if (ofKind(folder, 'resource').length > 3) says.push('holds resources that belong into a module')
  return says
}
