# The public names lead to names of a region, which external-dns in that region's cluster keeps. Both names turn on one
# health check, that of the API: an app whose API is elsewhere would be no use.

locals {
  regional = { for host in ["app", "api"] : host => "${host}.${var.region}.${var.domain}" }
}

# Out of service is a check that is switched off (and so counts as healthy) and turned round: nothing is asked, and the
# answer is no. When neither region is healthy, Route 53 answers with the primary.
resource "aws_route53_health_check" "api" {
  type               = "HTTPS"
  fqdn               = local.regional["api"]
  port               = 443
  resource_path      = "/readyz"
  enable_sni         = true
  request_interval   = 10
  failure_threshold  = 3
  disabled           = !var.in_service
  invert_healthcheck = !var.in_service

  tags = { Name = "${var.name}-${var.region}" }
}

resource "aws_route53_record" "public" {
  for_each = local.regional

  zone_id         = var.zone_id
  name            = "${each.key}.${var.domain}"
  type            = "CNAME"
  ttl             = 60
  records         = [each.value]
  set_identifier  = var.region
  health_check_id = aws_route53_health_check.api.id

  failover_routing_policy {
    type = var.role
  }
}
