# Without VERSION and ACME_*, which Terraform does not know.
output "settings_env" {
  description = "Lines for settings.env of this environment's Kubernetes overlay: `terraform output -raw settings_env`. API_SECRET is the copy of production's secret settings; SETUP_CODE in it opens nothing, for the place has its owner."
  value       = <<-SETTINGS
    REGISTRY=${local.registry}
    UI_ORIGIN=https://app.${var.primary.domain}
    API_ORIGIN=https://api.${var.primary.domain}
    ZONE=${var.primary.domain}
    ZONE_ID=${module.dns.zone_id}
    REGION=${var.region}
    CLUSTER=${module.cluster.name}
    LOAD_BALANCER_RANGE=${module.network.public_range}
    DATABASE_RANGE=${module.network.isolated_range}
    DATABASE_URL=postgres://${module.database.api_username}@${module.database.host}:${module.database.port}/${module.database.database}?sslmode=verify-full&sslrootcert=/etc/database-ca/ca.pem
    DATABASE_OWNER_URL=postgres://${module.database.username}@${module.database.host}:${module.database.port}/${module.database.database}?sslmode=verify-full&sslrootcert=/etc/database-ca/ca.pem
    DATABASE_SECRET=${var.primary.database_secret_name}
    API_SECRET=${var.primary.api_secret_name}
    FILES_BUCKET=${module.files.bucket}
  SETTINGS
}

output "controllers" {
  description = "What the controllers that are installed beside the application need: the cluster, its VPC (workers' metadata is closed to pods, so the load balancer controller must be told), and who has which role."
  value = {
    cluster_name       = module.cluster.name
    kubernetes_version = module.cluster.version
    region             = var.region
    vpc_id             = module.network.vpc_id
    vpc_cidr           = module.network.vpc_cidr
    zones              = module.network.zones
    role_arns          = module.cluster.role_arns
    service_accounts   = module.cluster.service_accounts
    tls_mode           = var.tls_mode
  }
}

output "nat_addresses" {
  description = "Where outgoing requests come from."
  value       = module.network.nat_addresses
}

output "bastion" {
  description = "The bastion: instance for Session Manager, address for SSH; empty without one."
  value       = [for bastion in module.bastion : { instance_id = bastion.instance_id, address = bastion.address }]
}

output "autoscaling_group_names" {
  description = "The workers' autoscaling groups."
  value       = module.cluster.autoscaling_group_names
}

output "cluster_endpoint" {
  description = "Address of the Kubernetes API."
  value       = module.cluster.endpoint
}

output "database_instance" {
  description = "The database's name and security group, for `aws rds` commands."
  value       = { identifier = module.database.identifier, security_group_id = module.database.security_group_id }
}

output "failover" {
  description = "The health check and the names of this region, which external-dns here publishes."
  value       = { health_check_id = module.failover.health_check_id, regional_hosts = module.failover.regional_hosts }
}

output "for_production" {
  description = "Written to ../production/standby.auto.tfvars.json: `terraform output -json for_production`."
  value = {
    standby = {
      region           = var.region
      kms_key_arn      = module.encryption.key_arn
      files_bucket_arn = module.files.bucket_arn
    }
  }
}
