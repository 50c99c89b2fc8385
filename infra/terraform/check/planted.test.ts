// Each fault is planted as text into a copy and must be found; a plant whose text is no longer there fails too.
// Long, because each fault is written out where it can be read.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { findingsIn } from './findings.ts'

const repository = path.resolve(import.meta.dirname, '..', '..', '..')
const copy = mkdtempSync(path.join(tmpdir(), 'all-is-whale-planted-'))
after(() => rmSync(copy, { recursive: true, force: true }))
const root = path.join(copy, 'infra', 'terraform')
cpSync(path.join(repository, 'infra', 'terraform'), root, {
  recursive: true,
  filter: (file) => !/[/\\](\.terraform|check)$/.test(file),
})
cpSync(path.join(repository, 'cert-sync', 'iam.json'), path.join(copy, 'cert-sync', 'iam.json'))

const say = async (): Promise<string[]> =>
  (await findingsIn(root)).findings.map(({ where, says }) => `${where}: ${says}`)

test('the configuration as it stands is sound', async () => {
  assert.deepEqual(await say(), [])
})

interface Fault {
  name: string
  /** Below infra/terraform. */
  file: string
  find: string
  plant: string
  says: RegExp
}

const faults: Fault[] = [
  // What the provider, or Terraform itself, would refuse.
  {
    name: 'a brace that is never closed',
    file: 'modules/dns/main.tf',
    find: 'comment = "All is Whale"\n}',
    plant: 'comment = "All is Whale"\n',
    says: /modules\/dns\/main\.tf: syntax/,
  },
  {
    name: 'a resource type that does not exist',
    file: 'modules/network/main.tf',
    find: 'resource "aws_eip" "nat"',
    plant: 'resource "aws_elastic_ip" "nat"',
    says: /unknown resource type aws_elastic_ip/,
  },
  {
    name: 'a misspelt argument',
    file: 'modules/database/main.tf',
    find: 'backup_retention_period   =',
    plant: 'backup_retention_days     =',
    says: /aws_db_instance\.this: unsupported argument "backup_retention_days"/,
  },
  {
    name: 'a misspelt argument deep in nested blocks',
    file: 'modules/cluster/workers.tf',
    find: 'delete_on_termination = true',
    plant: 'delete_on_terminate   = true',
    says: /"block_device_mappings\.ebs\.delete_on_terminate"/,
  },
  {
    name: 'a required argument left out',
    file: 'modules/cluster/workers.tf',
    find: '  node_role_arn          = aws_iam_role.worker.arn\n',
    plant: '',
    says: /aws_eks_node_group\.workers: missing required argument "node_role_arn"/,
  },
  {
    name: 'a block written as an argument',
    file: 'modules/cluster/main.tf',
    find: 'zonal_shift_config {\n    enabled = true\n  }',
    plant: 'zonal_shift_config = { enabled = true }',
    says: /"zonal_shift_config" is a block/,
  },
  {
    name: 'a single block twice',
    file: 'modules/cluster/main.tf',
    find: '  upgrade_policy {\n    support_type = "STANDARD"\n  }',
    plant:
      '  upgrade_policy {\n    support_type = "STANDARD"\n  }\n\n  upgrade_policy {\n    support_type = "EXTENDED"\n  }',
    says: /block "upgrade_policy" may stand there once/,
  },
  {
    name: 'a text where a number belongs',
    file: 'modules/encryption/main.tf',
    find: 'deletion_window_in_days = 30',
    plant: 'deletion_window_in_days = "a month"',
    says: /"deletion_window_in_days" wants number/,
  },
  {
    name: 'a list variable where a text belongs',
    file: 'modules/cluster/main.tf',
    find: 'key_arn = var.kms_key_arn',
    plant: 'key_arn = var.private_subnet_ids',
    says: /"encryption_config\.provider\.key_arn" wants string/,
  },
  {
    name: 'an attribute that a resource does not have',
    file: 'modules/network/main.tf',
    find: 'allocation_id = aws_eip.nat[each.key].id',
    plant: 'allocation_id = aws_eip.nat[each.key].address_id',
    says: /aws_eip has|has no attribute address_id/,
  },
  {
    name: 'one of several read as if it were alone',
    file: 'modules/network/main.tf',
    find: 'subnet_id     = aws_subnet.public[each.key].id',
    plant: 'subnet_id     = aws_subnet.public.id',
    says: /there are several: say which/,
  },
  {
    name: 'a variable that is not declared',
    file: 'modules/files/main.tf',
    find: 'noncurrent_days = var.deleted_days',
    plant: 'noncurrent_days = var.deleted_day',
    says: /var\.deleted_day: no such variable/,
  },
  {
    name: 'an attribute that an object variable does not have',
    file: 'environments/production/main.tf',
    find: 'backup_days            = var.database.backup_days',
    plant: 'backup_days            = var.database.backup_day',
    says: /the variable has no attribute backup_day/,
  },
  {
    name: 'a local that is not declared, inside a text',
    file: 'modules/cluster/workloads.tf',
    find: 'arn:${local.partition}:route53:::change/*',
    plant: 'arn:${local.partitions}:route53:::change/*',
    says: /local\.partitions: no such local/,
  },
  {
    name: 'an output that a module does not have',
    file: 'environments/small/main.tf',
    find: 'module.network.isolated_subnet_ids',
    plant: 'module.network.database_subnet_ids',
    says: /the module has no output database_subnet_ids/,
  },
  {
    name: 'an input that a module does not have',
    file: 'environments/standby/main.tf',
    find: 'nat_gateways = "per_zone"',
    plant: 'nat_gateway  = "per_zone"',
    says: /the module has no input "nat_gateway"/,
  },
  {
    name: 'an input left out',
    file: 'environments/production/main.tf',
    find: '  files_bucket_arn         = module.files.bucket_arn\n',
    plant: '',
    says: /module\.cluster: missing input "files_bucket_arn"/,
  },
  {
    name: 'a variable that nobody reads any more',
    file: 'environments/production/main.tf',
    find: '  viewers                  = var.viewers\n',
    plant: '',
    says: /var\.viewers: nobody reads it/,
  },
  {
    name: 'two environments with one state',
    file: 'environments/standby/versions.tf',
    find: 'standby/terraform.tfstate',
    plant: 'production/terraform.tfstate',
    says: /environments\/standby: its state is not kept under its own key/,
  },

  // Permissions that AWS would take and never apply, or that go too far.
  {
    name: 'an action that does not exist',
    file: 'modules/cluster/workloads.tf',
    find: '"route53:ListTagsForResource"',
    plant: '"route53:ListTagsForZone"',
    says: /external_dns: there is no action route53:ListTagsForZone/,
  },
  {
    name: 'a condition key that does not exist',
    file: 'modules/encryption/main.tf',
    find: 'variable = "kms:CallerAccount"',
    plant: 'variable = "kms:CallingAccount"',
    says: /there is no condition key kms:CallingAccount/,
  },
  {
    name: 'a condition that the action never brings',
    file: 'modules/cluster/workloads.tf',
    find: 'variable = "kms:GrantIsForAWSResource"',
    plant: 'variable = "kms:BypassPolicyLockoutSafetyCheck"',
    says: /kms:CreateGrant knows no condition/,
  },
  {
    name: 'an action on a resource of another kind',
    file: 'modules/files/replication.tf',
    find: 'actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]\n    resources = [aws_s3_bucket.files.arn]',
    plant: 'actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]\n    resources = ["arn:aws:s3:::files/*"]',
    says: /s3:ListBucket does not act on|s3:GetReplicationConfiguration does not act on/,
  },
  {
    name: 'everything on everything',
    file: 'modules/cluster/workloads.tf',
    find: 'actions   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]\n    resources = ["${var.files_bucket_arn}/*"]',
    plant: 'actions   = ["*"]\n    resources = ["*"]',
    says: /\*: name the actions/,
  },
  {
    name: 'a right to write without a resource',
    file: 'modules/cluster/workloads.tf',
    find: 'actions   = ["aps:RemoteWrite"]\n    resources = [var.prometheus_workspace_arn]',
    plant: 'actions   = ["aps:RemoteWrite"]\n    resources = ["*"]',
    says: /aps:RemoteWrite on \*: name what it acts on/,
  },
  {
    name: 'a key for the whole world',
    file: 'modules/encryption/main.tf',
    find: 'test     = "StringEquals"\n      variable = "kms:CallerAccount"',
    plant: 'test     = "StringNotEquals"\n      variable = "kms:CallerAccount"',
    says: /admits everybody/,
  },
  {
    name: "cert-sync's file with an action too many",
    file: '../../cert-sync/iam.json',
    find: '"Action": "acm:ListCertificates"',
    plant: '"Action": "acm:*"',
    says: /cert-sync\/iam\.json.*acm:\*: name the actions/,
  },
  {
    name: "AWS's policy of an administrator",
    file: 'modules/bastion/main.tf',
    find: 'policy/AmazonSSMManagedInstanceCore',
    plant: 'policy/AdministratorAccess',
    says: /AdministratorAccess: a policy of AWS's/,
  },

  // Our own policies.
  {
    name: 'a database on the internet',
    file: 'modules/database/main.tf',
    find: 'publicly_accessible    = false\n  port ',
    plant: 'publicly_accessible    = true\n  port ',
    says: /aws_db_instance\.this: is public/,
  },
  {
    name: 'a database that anybody in the VPC reaches',
    file: 'modules/database/main.tf',
    find: 'referenced_security_group_id = each.value',
    plant: 'cidr_ipv4                    = "10.0.0.0/8"',
    says: /the database admits security groups on port 5432 only/,
  },
  {
    name: 'a stranger among the clients of the database',
    file: 'environments/production/main.tf',
    find: '{ workers = module.cluster.worker_security_group_id },',
    plant: '{ workers = module.cluster.worker_security_group_id, bastion = module.network.vpc_id },',
    says: /module\.network\.vpc_id may not reach the database/,
  },
  {
    name: 'SSH for the world',
    file: 'modules/bastion/main.tf',
    find: 'cidr_ipv4         = each.value',
    plant: 'cidr_ipv4         = "0.0.0.0/0"',
    says: /aws_vpc_security_group_ingress_rule\.ssh: admits the whole world/,
  },
  {
    name: 'a Kubernetes API that may be opened to the world',
    file: 'modules/cluster/variables.tf',
    find: 'tonumber(split("/", cidr)[1]) >= 16',
    plant: 'tonumber(split("/", cidr)[1]) >= 0',
    says: /var\.public_access_cidrs: must refuse 0\.0\.0\.0\/0/,
  },
  {
    name: 'a bucket that could become public',
    file: 'modules/files/main.tf',
    find: 'restrict_public_buckets = true',
    plant: 'restrict_public_buckets = false',
    says: /aws_s3_bucket\.files: could become public/,
  },
  {
    name: 'storage without encryption',
    file: 'modules/database/main.tf',
    find: 'storage_encrypted     = true\n  kms_key_id            = var.kms_key_arn',
    plant: 'storage_encrypted     = false',
    says: /aws_db_instance\.this: its storage is not encrypted/,
  },
  {
    name: 'logs that our key does not encrypt',
    file: 'modules/network/flow-logs.tf',
    find: '  kms_key_id        = var.kms_key_arn\n',
    plant: '',
    says: /aws_cloudwatch_log_group\.flow: is not encrypted/,
  },
  {
    name: "a worker's role within reach of its pods",
    file: 'modules/cluster/workers.tf',
    find: 'http_put_response_hop_limit = 1',
    plant: 'http_put_response_hop_limit = 2',
    says: /aws_launch_template\.worker: pods could take the role/,
  },
  {
    name: 'the old metadata service',
    file: 'modules/bastion/main.tf',
    find: 'http_tokens                 = "required"',
    plant: 'http_tokens                 = "optional"',
    says: /aws_instance\.bastion: its metadata must be IMDSv2/,
  },
  {
    name: 'a database without a standby',
    file: 'environments/production/main.tf',
    find: 'multi_az               = true',
    plant: 'multi_az               = false',
    says: /environments\/production: its database has no standby/,
  },
  {
    name: 'one NAT gateway for both zones',
    file: 'environments/production/main.tf',
    find: 'nat_gateways = "per_zone"',
    plant: 'nat_gateways = "single"',
    says: /environments\/production: the loss of one zone cuts off the others/,
  },
  {
    name: 'a single zone',
    file: 'modules/network/variables.tf',
    find: 'contains([2, 3], var.zone_count)',
    plant: 'contains([1, 2, 3], var.zone_count)',
    says: /var\.zone_count: must be two zones or three/,
  },
  {
    name: 'workers in one subnet',
    file: 'modules/cluster/workers.tf',
    find: 'subnet_ids             = var.private_subnet_ids',
    plant: 'subnet_ids             = [var.private_subnet_ids[0]]',
    says: /workers stand in all private subnets/,
  },
  {
    name: 'private subnets with a way in',
    file: 'modules/network/main.tf',
    find: 'route_table_id = aws_route_table.private[each.key].id\n}',
    plant: 'route_table_id = aws_route_table.public.id\n}',
    says: /hangs on the public route table/,
  },
  {
    name: 'acknowledged before it is durable',
    file: 'modules/database/main.tf',
    find: 'name  = "synchronous_commit"\n    value = "on"',
    plant: 'name  = "synchronous_commit"\n    value = "off"',
    says: /acknowledged must be durable/,
  },
  {
    name: 'image tags that can be moved',
    file: 'modules/registry/main.tf',
    find: 'image_tag_mutability = "IMMUTABLE"',
    plant: 'image_tag_mutability = "MUTABLE"',
    says: /its tags can be moved/,
  },
  {
    name: 'a password in the state',
    file: 'modules/database/password.tf',
    find: 'secret_string_wo = jsonencode({',
    plant: 'secret_string = jsonencode({',
    says: /the secret would stand in the state/,
  },
]

for (const { name, file, find, plant, says } of faults) {
  test(`finds ${name}`, async () => {
    const target = path.join(root, file)
    const sound = readFileSync(target, 'utf8')
    assert.equal(sound.split(find).length, 2, `the plant no longer fits: ${file} should hold once ${find}`)
    writeFileSync(
      target,
      sound.replace(find, () => plant),
    )
    try {
      const found = await say()
      assert.ok(
        found.some((line) => says.test(line)),
        `not found; said was: ${found.join('\n') || 'nothing'}`,
      )
    } finally {
      writeFileSync(target, sound)
    }
  })
}
