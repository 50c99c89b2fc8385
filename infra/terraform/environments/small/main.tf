# CHEAP, NOT AVAILABLE: for trying things out. The workers stand in two zones, but there is one NAT gateway and a database
# in one zone: the loss of the wrong zone stops everything until it is back, or until a restore.

data "aws_caller_identity" "current" {}

locals {
  cluster_name = var.name

  # Repositories of one registry differ in their last part only.
  registry = trimsuffix(module.registry.repository_urls["api"], "/api")

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
  nat_gateways = "single"
  kms_key_arn  = module.encryption.key_arn
}

module "dns" {
  source = "../../modules/dns"

  domain      = var.domain
  create_zone = var.create_zone
}

module "files" {
  source = "../../modules/files"

  bucket      = "${var.name}-files-${data.aws_caller_identity.current.account_id}-${var.region}"
  kms_key_arn = module.encryption.key_arn
}

module "registry" {
  source = "../../modules/registry"

  name = var.name
}

module "secrets" {
  source = "../../modules/secrets"

  name        = var.name
  kms_key_arn = module.encryption.key_arn
}

module "cluster" {
  source = "../../modules/cluster"

  name                = local.cluster_name
  kubernetes_version  = var.kubernetes_version
  vpc_id              = module.network.vpc_id
  private_subnet_ids  = module.network.private_subnet_ids
  kms_key_arn         = module.encryption.key_arn
  public_access_cidrs = var.kubernetes_api_cidrs
  administrators      = var.administrators
  workers             = var.workers
  zone_arn            = module.dns.zone_arn
  files_bucket_arn    = module.files.bucket_arn
  secret_arns         = [module.secrets.secret_arn, module.database.secret_arn]
  tls_mode            = var.tls_mode
}

module "database" {
  source = "../../modules/database"

  name                   = var.name
  vpc_id                 = module.network.vpc_id
  subnet_ids             = module.network.isolated_subnet_ids
  client_security_groups = local.client_security_groups
  kms_key_arn            = module.encryption.key_arn
  engine_version         = var.database.engine_version
  allow_major_upgrade    = var.database.allow_major_upgrade
  instance_class         = var.database.instance_class
  storage_gib            = var.database.storage_gib
  storage_max_gib        = var.database.storage_max_gib
  multi_az               = false
  max_connections        = var.database.max_connections
  backup_days            = var.database.backup_days
  insights_mode          = var.database.insights_mode
  deletion_protection    = var.database.deletion_protection
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
