# The master password never reaches Terraform's state: RDS manages it, or it is an ephemeral value that is written into
# Secrets Manager and read back from there, so that a half-done apply cannot leave the two different.

locals {
  own_password = var.password_managed_by == "terraform"
}

resource "aws_secretsmanager_secret_rotation" "master" {
  count = var.password_managed_by == "rds" ? 1 : 0

  secret_id          = aws_db_instance.this.master_user_secret[0].secret_arn
  rotate_immediately = false

  rotation_rules {
    automatically_after_days = var.password_rotation_days
  }
}

ephemeral "aws_secretsmanager_random_password" "master" {
  count = local.own_password ? 1 : 0

  password_length     = 40
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "master" {
  count = local.own_password ? 1 : 0

  name                    = "${var.name}/database"
  description             = "Master user of ${var.name}"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = 30

  dynamic "replica" {
    for_each = var.secret_replica == null ? [] : [var.secret_replica]

    content {
      region     = replica.value.region
      kms_key_id = replica.value.kms_key_arn
    }
  }
}

resource "aws_secretsmanager_secret_version" "master" {
  count = local.own_password ? 1 : 0

  secret_id = aws_secretsmanager_secret.master[0].id
  secret_string_wo = jsonencode({
    username = local.username
    password = ephemeral.aws_secretsmanager_random_password.master[0].random_password
  })
  secret_string_wo_version = var.password_version
}

ephemeral "aws_secretsmanager_secret_version" "master" {
  count = local.own_password ? 1 : 0

  secret_id = aws_secretsmanager_secret_version.master[0].secret_id
}
