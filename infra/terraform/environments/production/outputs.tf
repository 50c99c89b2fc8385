# Without VERSION and ACME_*, which Terraform does not know.
output "settings_env" {
  description = "Lines for settings.env of this environment's Kubernetes overlay: `terraform output -raw settings_env`."
  value       = <<-SETTINGS
    REGISTRY=${local.registry}
    UI_ORIGIN=https://app.${var.domain}
    API_ORIGIN=https://api.${var.domain}
    ZONE=${var.domain}
    ZONE_ID=${module.dns.zone_id}
    REGION=${var.region}
    CLUSTER=${module.cluster.name}
    LOAD_BALANCER_RANGE=${module.network.public_range}
    DATABASE_RANGE=${module.network.isolated_range}
    DATABASE_URL=postgres://${module.database.api_username}@${module.database.host}:${module.database.port}/${module.database.database}?sslmode=verify-full&sslrootcert=/etc/database-ca/ca.pem
    DATABASE_OWNER_URL=postgres://${module.database.username}@${module.database.host}:${module.database.port}/${module.database.database}?sslmode=verify-full&sslrootcert=/etc/database-ca/ca.pem
    DATABASE_SECRET=${module.database.secret_arn}
    API_SECRET=${module.secrets.secret_name}
    FILES_BUCKET=${module.files.bucket}
  SETTINGS
}

output "repository_urls" {
  description = "Image → where it is pushed to."
  value       = module.registry.repository_urls
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

output "database_read_hosts" {
  description = "Host names of the read replicas."
  value       = module.database.read_hosts
}

output "api_secret_arn" {
  description = "Where an operator writes the API's secret settings, SETUP_CODE for the first account among them: `aws secretsmanager put-secret-value`."
  value       = module.secrets.secret_arn
}

output "name_servers" {
  description = "What the registrar must name for the domain."
  value       = module.dns.name_servers
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
  description = "The health check and the names of this region; empty where the cluster publishes the public names."
  value       = [for failover in module.failover : { health_check_id = failover.health_check_id, regional_hosts = failover.regional_hosts }]
}

output "for_standby" {
  description = "Written to ../standby/primary.auto.tfvars.json: `terraform output -json for_standby`."
  value = {
    primary = {
      name                 = var.name
      region               = var.region
      domain               = var.domain
      registry             = var.name
      database_arn         = module.database.arn
      database_secret_name = module.database.secret_name
      api_secret_name      = module.secrets.secret_name
    }
  }
}
