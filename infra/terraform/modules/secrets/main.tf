# What the API must know and nobody may read: SMTP_URL, OIDC_* and the like, as one JSON object. Its value is written
# by an operator (`aws secretsmanager put-secret-value`), so no secret passes through Terraform or its state.

resource "aws_secretsmanager_secret" "api" {
  name                    = "${var.name}/api"
  description             = "Secret settings of the API: a JSON object of environment variables"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = 30

  dynamic "replica" {
    for_each = var.replica == null ? [] : [var.replica]

    content {
      region     = replica.value.region
      kms_key_id = replica.value.kms_key_arn
    }
  }
}
