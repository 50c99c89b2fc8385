output "zone_id" {
  description = "The hosted zone (cert-manager, external-dns)."
  value       = local.zone_id
}

output "zone_arn" {
  description = "Its ARN, for the roles that may write to it."
  value       = local.zone_arn
}

output "name_servers" {
  description = "What the registrar, or the parent zone, must name as NS of the domain."
  value       = local.name_servers
}
