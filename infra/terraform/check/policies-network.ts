// Who can reach whom, and how many zones there are.
import { type Block, type Configuration, type Finding, type Folder, nested, ofKind, textOf } from './configuration.ts'
import { referencesIn } from './expression.ts'

export function checkNetwork(configuration: Configuration, folder: Folder): Finding[] {
  return [
    ...ofKind(folder, 'resource').flatMap((block) =>
      (byType[block.type]?.(block, folder) ?? []).map((says) => ({ where: `${block.file} ${block.address}`, says })),
    ),
    ...ofKind(folder, 'variable').flatMap((block) =>
      checkVariable(block).map((says) => ({ where: `${block.file} ${block.address}`, says })),
    ),
    ...checkDatabaseClients(configuration, folder),
  ]
}

const everywhere = /^(0\.0\.0\.0\/0|::\/0)$/

const byType: Record<string, (block: Block, folder: Folder) => string[]> = {
  aws_security_group: ({ body }) =>
    body.ingress !== undefined || body.egress !== undefined ? ['rules inside a group hide from these checks'] : [],
  aws_default_security_group: ({ body }) =>
    body.ingress !== undefined || body.egress !== undefined ? ['the default group must admit nobody'] : [],
  aws_vpc_security_group_ingress_rule: checkIngress,
  aws_vpc_security_group_egress_rule: ({ body }) =>
    everywhere.test(textOf(body.cidr_ipv4 ?? body.cidr_ipv6)) && body.to_port !== 443
      ? ['out to everywhere is for HTTPS only']
      : [],
  aws_route: ({ body }) =>
    body.gateway_id !== undefined && !textOf(body.route_table_id).includes('aws_route_table.public')
      ? ['only public subnets have a way to the internet gateway']
      : [],
  aws_route_table_association: ({ name, body }) =>
    textOf(body.route_table_id).includes('aws_route_table.public') &&
    !textOf(body.for_each).includes('aws_subnet.public')
      ? [`${name}: a subnet that is not public hangs on the public route table`]
      : [],
  aws_db_subnet_group: ({ body }) =>
    textOf(body.subnet_ids) === '${var.subnet_ids}' ? [] : ['must stand in all the subnets that are given'],
  aws_eks_node_group: checkWorkers,
}

function checkIngress({ body, file }: Block): string[] {
  const from = textOf(body.cidr_ipv4 ?? body.cidr_ipv6)
  const says = everywhere.test(from) ? ['admits the whole world'] : []
  if (body.ip_protocol === '-1') says.push('admits every protocol')
  if (!file.startsWith('modules/database/')) return says
  if (from !== '' || body.from_port !== 5432 || body.to_port !== 5432)
    says.push('the database admits security groups on port 5432 only')
  if (textOf(body.for_each) !== '${var.client_security_groups}') says.push('the database admits its named clients only')
  return says
}

function checkWorkers({ body }: Block): string[] {
  const says = textOf(body.subnet_ids) === '${var.private_subnet_ids}' ? [] : ['workers stand in all private subnets']
  if (body.remote_access !== undefined) says.push('nobody logs in to workers: Session Manager does it')
  return says
}

// What may be given at all is said by the variable's own validation.
function checkVariable({ name, body }: Block): string[] {
  const conditions = nested(body, 'validation').map(({ condition }) => textOf(condition))
  const has = (pattern: RegExp): boolean => conditions.some((condition) => pattern.test(condition))
  if (name === 'allowed_cidrs' || name === 'public_access_cidrs')
    return has(/split\("\/", cidr\)\[1\]\) >= (1[6-9]|2\d|3\d)/) ? [] : ['must refuse 0.0.0.0/0']
  if (name === 'zone_count' && body.validation !== undefined)
    return has(/contains\(\[2, 3\], var\.zone_count\)/) ? [] : ['must be two zones or three']
  if (name === 'private_subnet_ids' || name === 'subnet_ids')
    return has(/>= 2/) ? [] : ['must be subnets in two zones at least']
  if (name === 'client_security_groups')
    return has(/\["workers", "bastion"\]/) ? [] : ['must refuse clients other than the workers and the bastion']
  return []
}

/** In an environment: what is given to the database as its clients. */
function checkDatabaseClients(configuration: Configuration, folder: Folder): Finding[] {
  const database = ofKind(folder, 'module').find((call) => textOf(call.body.source).endsWith('/database'))
  if (!database) return []
  const clients = expand(folder, textOf(database.body.client_security_groups))
  const modules = referencesIn(clients).filter(({ path }) => path[0] === 'module')
  const strangers = modules.filter(({ path }) => !['cluster', 'bastion'].includes(path[1]!)).map(({ text }) => text)
  const where = `${database.file} ${database.address}`
  const findings = strangers.map((text) => ({ where, says: `${text} may not reach the database` }))
  if (!modules.some(({ text }) => text === 'module.cluster.worker_security_group_id'))
    findings.push({ where, says: 'the workers must reach the database' })
  const zones = configuration.folders.get('modules/network')
  const isolated = textOf(database.body.subnet_ids) === '${module.network.isolated_subnet_ids}'
  if (zones && !isolated) findings.push({ where, says: 'stands in the isolated subnets' })
  return findings
}

const expand = (folder: Folder, value: string): string =>
  value.replace(/^\$\{local\.([\w-]+)\}$/, (whole, name: string) => textOf(folder.locals.get(name)?.value) || whole)
