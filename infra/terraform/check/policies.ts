// Our own policies: nothing public that should not be, every store encrypted, the database within reach of workers and
// bastion only, two zones everywhere. Each says what it wants; what is missing is a finding.
import {
  type Block,
  type Body,
  type Configuration,
  type Finding,
  type Folder,
  type Value,
  nested,
  ofKind,
  textOf,
} from './configuration.ts'
import { checkNetwork } from './policies-network.ts'

interface Rule {
  type: string
  /** Whether a block of this type is as it should be. */
  holds: (body: Body, folder: Folder, block: Block) => boolean
  says: string
}

export function checkPolicies(configuration: Configuration): Finding[] {
  return [...configuration.folders.values()].flatMap((folder) => [
    ...ofKind(folder, 'resource').flatMap((block) =>
      rules
        .filter(({ type, holds }) => type === block.type && !holds(block.body, folder, block))
        .map(({ says }) => ({ where: `${block.file} ${block.address}`, says })),
    ),
    ...forbidden(folder),
    ...checkNetwork(configuration, folder),
    ...environmentRules
      .filter(({ name, holds }) => folder.name === name && !holds(folder))
      .map(({ says }) => ({ where: folder.name, says })),
  ])
}

const isTrue = (value: Value | undefined): boolean => value === true
const given = (value: Value | undefined): boolean => value !== undefined && value !== null && value !== ''
const block = (body: Body, ...names: string[]): Body =>
  names.reduce((inner, name) => nested(inner, name)[0] ?? {}, body)

/** Whether another resource of this type is about the same bucket (or whatever `argument` names). */
const accompanied = (folder: Folder, { address }: Block, type: string, holds: (body: Body) => boolean): boolean =>
  ofKind(folder, 'resource', type).some(({ body }) => textOf(body.bucket) === `\${${address}.id}` && holds(body))

const parameter = (folder: Folder, name: string): Value | undefined =>
  ofKind(folder, 'resource', 'aws_db_parameter_group')
    .flatMap(({ body }) => nested(body, 'parameter'))
    .find((each) => each.name === name)?.value

const metadataIsClosed = (body: Body): boolean => {
  const { http_tokens, http_put_response_hop_limit } = block(body, 'metadata_options')
  return http_tokens === 'required' && http_put_response_hop_limit === 1
}

const encryptedRules: Rule[] = [
  {
    type: 'aws_db_instance',
    holds: (body) =>
      isTrue(body.storage_encrypted) &&
      (given(body.kms_key_id) || textOf(body.replicate_source_db).includes('identifier')),
    says: 'its storage is not encrypted with our key',
  },
  {
    type: 'aws_launch_template',
    holds: (body) => isTrue(block(body, 'block_device_mappings', 'ebs').encrypted),
    says: "the workers' disks are not encrypted",
  },
  {
    type: 'aws_instance',
    holds: (body) => isTrue(block(body, 'root_block_device').encrypted),
    says: 'its disk is not encrypted',
  },
  {
    type: 'aws_s3_bucket',
    holds: (_, folder, self) =>
      accompanied(
        folder,
        self,
        'aws_s3_bucket_server_side_encryption_configuration',
        (body) => block(body, 'rule', 'apply_server_side_encryption_by_default').sse_algorithm === 'aws:kms',
      ),
    says: 'is not encrypted with a key of KMS',
  },
  {
    type: 'aws_cloudwatch_log_group',
    holds: (body) => given(body.kms_key_id) && given(body.retention_in_days),
    says: 'is not encrypted with our key, or kept for ever',
  },
  { type: 'aws_secretsmanager_secret', holds: (body) => given(body.kms_key_id), says: 'is not encrypted with our key' },
  {
    type: 'aws_eks_cluster',
    holds: (body) => textOf(block(body, 'encryption_config').resources).includes('secrets'),
    says: "Kubernetes' secrets are not encrypted with our key",
  },
  { type: 'aws_ecr_repository', holds: (body) => given(body.encryption_configuration), says: 'is not encrypted' },
  { type: 'aws_kms_key', holds: (body) => isTrue(body.enable_key_rotation), says: 'the key is never rotated' },
  {
    type: 'aws_db_instance',
    holds: (_, folder) => parameter(folder, 'rds.force_ssl') === '1',
    says: 'its clients may do without TLS (rds.force_ssl)',
  },
  {
    type: 'aws_s3_bucket',
    holds: (_, folder, self) =>
      accompanied(folder, self, 'aws_s3_bucket_policy', ({ policy }) => {
        const document = folder.blocks.find(({ address }) => textOf(policy) === `\${${address}.json}`)
        return textOf(document?.body).includes('aws:SecureTransport')
      }),
    says: 'can be read without TLS',
  },
]

const closedRules: Rule[] = [
  { type: 'aws_db_instance', holds: (body) => body.publicly_accessible === false, says: 'is public' },
  {
    type: 'aws_s3_bucket',
    holds: (_, folder, self) =>
      accompanied(folder, self, 'aws_s3_bucket_public_access_block', (body) =>
        ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'].every((each) =>
          isTrue(body[each]),
        ),
      ),
    says: 'could become public',
  },
  { type: 'aws_subnet', holds: (body) => body.map_public_ip_on_launch === false, says: 'gives public addresses' },
  {
    type: 'aws_instance',
    holds: (body, folder) => body.associate_public_ip_address === false || folder.name === 'modules/bastion',
    says: 'only the bastion may have a public address',
  },
  {
    type: 'aws_eks_cluster',
    holds: (body) => {
      const network = block(body, 'vpc_config')
      return isTrue(network.endpoint_private_access) && given(network.public_access_cidrs)
    },
    says: 'its API must have a private endpoint, and a public one for given addresses only',
  },
  {
    type: 'aws_eks_cluster',
    holds: (body) => {
      const access = block(body, 'access_config')
      return access.authentication_mode === 'API' && access.bootstrap_cluster_creator_admin_permissions === false
    },
    says: 'who administers it must be said by access entries alone',
  },
  {
    type: 'aws_launch_template',
    holds: metadataIsClosed,
    says: 'pods could take the role of their worker (IMDSv2, hop limit 1)',
  },
  { type: 'aws_instance', holds: metadataIsClosed, says: 'its metadata must be IMDSv2 with hop limit 1' },
  { type: 'aws_instance', holds: (body) => !given(body.key_name), says: 'a key pair would be a second key' },
]

const keptRules: Rule[] = [
  {
    type: 'aws_s3_bucket',
    holds: (_, folder, self) =>
      accompanied(
        folder,
        self,
        'aws_s3_bucket_versioning',
        (body) => block(body, 'versioning_configuration').status === 'Enabled',
      ),
    says: 'keeps no versions',
  },
  {
    type: 'aws_ecr_repository',
    holds: (body) =>
      body.image_tag_mutability === 'IMMUTABLE' && isTrue(block(body, 'image_scanning_configuration').scan_on_push),
    says: 'its tags can be moved, or its images are not scanned',
  },
  {
    type: 'aws_db_instance',
    holds: (body, _, { name }) =>
      name === 'read_replica' || (body.skip_final_snapshot === false && given(body.backup_retention_period)),
    says: 'goes without backups or a last snapshot',
  },
  {
    type: 'aws_db_instance',
    holds: (_, folder) => parameter(folder, 'synchronous_commit') === 'on',
    says: 'acknowledged must be durable (synchronous_commit)',
  },
  {
    type: 'aws_eks_cluster',
    holds: (body) => (body.enabled_cluster_log_types as Value[] | undefined)?.length === 5,
    says: 'keeps not all logs of the control plane',
  },
]

const rules = [...encryptedRules, ...closedRules, ...keptRules]

const trustedPolicies = new Set([
  'AmazonEBSCSIDriverPolicy',
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonEKSClusterPolicy',
  'AmazonEKSWorkerNodePolicy',
  'AmazonEKS_CNI_Policy',
  'AmazonRDSEnhancedMonitoringRole',
  'AmazonSSMManagedInstanceCore',
])

function forbidden(folder: Folder): Finding[] {
  return ofKind(folder, 'resource').flatMap(({ type, body, file, address }) => {
    const says: string[] = []
    if (/^aws_iam_(user|access_key|group)/.test(type)) says.push('long-lived credentials: use a role')
    if (type === 'aws_db_instance' && given(body.password)) says.push('the password would stand in the state')
    if (type === 'aws_secretsmanager_secret_version' && given(body.secret_string))
      says.push('the secret would stand in the state: use secret_string_wo')
    if (type === 'aws_iam_role_policy_attachment') {
      const names = [
        ...`${textOf(body.policy_arn)} ${textOf(body.for_each)}`.matchAll(
          /\b(\w*(?:Policy|Access|Role|Core|PullOnly))\b/g,
        ),
      ]
      const unknown = names.map(([name]) => name).filter((name) => /^A[a-z]/.test(name) && !trustedPolicies.has(name))
      if (unknown.length > 0) says.push(`${unknown.join(', ')}: a policy of AWS's that nobody here has looked at`)
    }
    return says.map((each) => ({ where: `${file} ${address}`, says: each }))
  })
}

const call = (folder: Folder, name: string): Body =>
  ofKind(folder, 'module').find((each) => each.name === name)?.body ?? {}
const defaultOf = (folder: Folder, name: string): Value | undefined =>
  ofKind(folder, 'variable').find((each) => each.name === name)?.body.default

const available = (name: string): { name: string; holds: (folder: Folder) => boolean; says: string }[] => [
  {
    name,
    holds: (folder) => isTrue(call(folder, 'database').multi_az),
    says: 'its database has no standby in another zone',
  },
  {
    name,
    holds: (folder) => call(folder, 'network').nat_gateways === 'per_zone',
    says: 'the loss of one zone cuts off the others (one NAT gateway)',
  },
  { name, holds: (folder) => defaultOf(folder, 'bastion') === null, says: 'its bastion must be off unless asked for' },
  {
    name,
    holds: (folder) =>
      /deletion_protection = optional\(bool, true\)/.test(
        textOf(ofKind(folder, 'variable').find((each) => each.name === 'database')?.body.type).replaceAll(/ +/g, ' '),
      ),
    says: 'its database must be protected from deletion unless asked for',
  },
]

const environmentRules = [
  ...available('environments/production'),
  ...available('environments/standby'),
  {
    name: 'environments/small',
    holds: (folder: Folder) => defaultOf(folder, 'bastion') === null,
    says: 'its bastion must be off unless asked for',
  },
]
