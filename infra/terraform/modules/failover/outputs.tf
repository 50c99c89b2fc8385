output "regional_hosts" {
  description = "Host → its name in this region. external-dns publishes these; the API's Ingress answers /readyz under its own."
  value       = local.regional
}

output "health_check_id" {
  description = "The health check that both names turn on."
  value       = aws_route53_health_check.api.id
}
