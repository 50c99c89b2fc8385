resource "aws_route53_zone" "this" {
  count = var.create_zone ? 1 : 0

  name    = var.domain
  comment = "All is Whale"
}

data "aws_route53_zone" "existing" {
  count = var.create_zone ? 0 : 1

  name         = "${var.domain}."
  private_zone = false
}

locals {
  zone_id      = var.create_zone ? aws_route53_zone.this[0].zone_id : data.aws_route53_zone.existing[0].zone_id
  zone_arn     = var.create_zone ? aws_route53_zone.this[0].arn : data.aws_route53_zone.existing[0].arn
  name_servers = var.create_zone ? aws_route53_zone.this[0].name_servers : data.aws_route53_zone.existing[0].name_servers
}

# Nobody but Let's Encrypt and Amazon may issue a certificate for these names.
resource "aws_route53_record" "issuers" {
  count = var.create_zone ? 1 : 0

  zone_id = local.zone_id
  name    = var.domain
  type    = "CAA"
  ttl     = 3600
  records = [
    "0 issue \"letsencrypt.org\"",
    "0 issue \"amazon.com\"",
    "0 issue \"amazontrust.com\"",
    "0 issue \"awstrust.com\"",
    "0 issue \"amazonaws.com\"",
    "0 issuewild \";\"",
  ]
}
