# A warm standby in another region: everything stands and runs, the database follows the primary's, and nobody is sent
# here until it is promoted. Its certificates are its own: DNS-01 (and ACM's validation) need the zone only.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  cluster_name = var.name

  account = data.aws_caller_identity.current.account_id

  # The primary's images, copied here by ECR under the same name.
  registry = "${local.account}.dkr.ecr.${var.region}.amazonaws.com/${var.primary.registry}"

  # Copies keep the name and the random ending of their source, which only AWS knows.
  secret_prefix = "arn:${data.aws_partition.current.partition}:secretsmanager:${var.region}:${local.account}:secret"
  secret_arns   = [for name in [var.primary.api_secret_name, var.primary.database_secret_name] : "${local.secret_prefix}:${name}-??????"]

  client_security_groups = merge(
    { workers = module.cluster.worker_security_group_id },
    { for bastion in module.bastion : "bastion" => bastion.security_group_id },
  )
}

module "encryption" {
  source = "../../modules/encryption"

  name = var.name
}

module "network" {
  source = "../../modules/network"

  name         = var.name
  cluster_name = local.cluster_name
  cidr         = var.network_cidr
  zone_count   = var.zone_count
  nat_gateways = "per_zone"
  kms_key_arn  = module.encryption.key_arn
}

module "dns" {
  source = "../../modules/dns"

  domain      = var.primary.domain
  create_zone = false
}

module "files" {
  source = "../../modules/files"

  bucket      = "${var.name}-files-${local.account}-${var.region}"
  kms_key_arn = module.encryption.key_arn
}

# What ECR makes for the copies would else have tags that can be moved.
resource "aws_ecr_repository_creation_template" "copies" {
  prefix               = var.primary.registry
  description          = "Copies of the primary region's images"
  applied_for          = ["REPLICATION"]
  image_tag_mutability = "IMMUTABLE"

  encryption_configuration {
    encryption_type = "AES256"
  }
}

module "cluster" {
  source = "../../modules/cluster"

  name                     = local.cluster_name
  kubernetes_version       = var.kubernetes_version
  vpc_id                   = module.network.vpc_id
  private_subnet_ids       = module.network.private_subnet_ids
  kms_key_arn              = module.encryption.key_arn
  public_access_cidrs      = var.kubernetes_api_cidrs
  administrators           = var.administrators
  viewers                  = var.viewers
  workers                  = var.workers
  zone_arn                 = module.dns.zone_arn
  files_bucket_arn         = module.files.bucket_arn
  secret_arns              = local.secret_arns
  tls_mode                 = var.tls_mode
  prometheus_workspace_arn = var.prometheus_workspace_arn
}

module "database" {
  source = "../../modules/database"

  name                   = var.name
  vpc_id                 = module.network.vpc_id
  subnet_ids             = module.network.isolated_subnet_ids
  client_security_groups = local.client_security_groups
  kms_key_arn            = module.encryption.key_arn
  engine_version         = var.database.engine_version
  instance_class         = var.database.instance_class
  storage_max_gib        = var.database.storage_max_gib
  multi_az               = true
  max_connections        = var.database.max_connections
  backup_days            = var.database.backup_days
  insights_mode          = var.database.insights_mode
  deletion_protection    = var.database.deletion_protection
  password_managed_by    = "source"
  replicate_from         = var.promoted ? null : var.primary.database_arn
}

module "bastion" {
  source = "../../modules/bastion"
  count  = var.bastion == null ? 0 : 1

  name             = var.name
  vpc_id           = module.network.vpc_id
  public_subnet_id = module.network.public_subnet_ids[0]
  authorized_key   = var.bastion.authorized_key
  allowed_cidrs    = var.bastion.allowed_cidrs
  kms_key_arn      = module.encryption.key_arn
}

module "failover" {
  source = "../../modules/failover"

  name       = var.name
  domain     = var.primary.domain
  zone_id    = module.dns.zone_id
  region     = var.region
  role       = "SECONDARY"
  in_service = var.in_service
}

# A replica repeats a mistake within seconds. This can be restored to a time before it, also when the primary region is
# gone.
resource "aws_db_instance_automated_backups_replication" "primary" {
  count = var.promoted ? 0 : 1

  source_db_instance_arn = var.primary.database_arn
  kms_key_id             = module.encryption.key_arn
  retention_period       = var.database.backup_days
}
