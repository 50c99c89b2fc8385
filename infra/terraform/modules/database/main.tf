data "aws_partition" "current" {}

locals {
  major      = split(".", var.engine_version)[0]
  is_replica = var.replicate_from != null
  username   = "whale"
  database   = "whale"

  # Monitoring asks CloudWatch for what carries this tag.
  tags = { all-is-whale = var.name }
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "database" {
  name        = "${var.name}-database"
  description = "PostgreSQL from the workers and the bastion"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-database" }
}

# No egress rule: the database opens no connections.
resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = var.client_security_groups

  security_group_id            = aws_security_group.database.id
  description                  = "PostgreSQL from the ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-"
  family      = "postgres${local.major}"
  description = "What the API's promises need of PostgreSQL"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  # Acknowledged is durable. `on` is the default; here it cannot be set otherwise without a review.
  parameter {
    name  = "synchronous_commit"
    value = "on"
  }

  parameter {
    name         = "max_connections"
    value        = tostring(var.max_connections)
    apply_method = "pending-reboot"
  }

  # A process that died inside a transaction must not hold a conversation's row lock for long.
  parameter {
    name  = "idle_in_transaction_session_timeout"
    value = "30000"
  }

  # A client whose zone is gone says nothing: without this its backend, and its locks, stay for two hours.
  parameter {
    name  = "tcp_keepalives_idle"
    value = "30"
  }

  parameter {
    name  = "tcp_keepalives_interval"
    value = "10"
  }

  parameter {
    name  = "tcp_keepalives_count"
    value = "3"
  }

  parameter {
    name         = "shared_preload_libraries"
    value        = "pg_stat_statements"
    apply_method = "pending-reboot"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "500"
  }

  # Statements that are logged show their shape, never what people wrote.
  parameter {
    name  = "log_parameter_max_length"
    value = "0"
  }

  parameter {
    name  = "log_parameter_max_length_on_error"
    value = "0"
  }

  parameter {
    name  = "log_lock_waits"
    value = "1"
  }

  parameter {
    name  = "log_temp_files"
    value = "10240"
  }

  parameter {
    name  = "log_autovacuum_min_duration"
    value = "10000"
  }

  parameter {
    name  = "track_io_timing"
    value = "1"
  }

  lifecycle {
    create_before_destroy = true
  }
}

# RDS would make them itself, unencrypted by our key and kept for ever.
resource "aws_cloudwatch_log_group" "database" {
  for_each = toset(["postgresql", "upgrade"])

  name              = "/aws/rds/instance/${var.name}/${each.value}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_db_instance" "this" {
  identifier          = var.name
  replicate_source_db = var.replicate_from

  engine                      = local.is_replica ? null : "postgres"
  engine_version              = local.is_replica ? null : var.engine_version
  allow_major_version_upgrade = var.allow_major_upgrade
  auto_minor_version_upgrade  = true
  instance_class              = var.instance_class
  multi_az                    = var.multi_az

  db_name                       = local.is_replica ? null : local.database
  username                      = local.is_replica ? null : local.username
  manage_master_user_password   = var.password_managed_by == "rds" ? true : null
  master_user_secret_kms_key_id = var.password_managed_by == "rds" ? var.kms_key_arn : null
  password_wo                   = local.own_password ? jsondecode(ephemeral.aws_secretsmanager_secret_version.master[0].secret_string).password : null
  password_wo_version           = local.own_password ? var.password_version : null

  storage_type          = "gp3"
  allocated_storage     = local.is_replica ? null : var.storage_gib
  max_allocated_storage = var.storage_max_gib
  storage_encrypted     = true
  kms_key_id            = var.kms_key_arn

  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = false
  port                   = 5432
  ca_cert_identifier     = "rds-ca-rsa2048-g1"
  parameter_group_name   = aws_db_parameter_group.this.name

  backup_retention_period   = var.backup_days
  backup_window             = var.backup_window
  copy_tags_to_snapshot     = true
  delete_automated_backups  = false
  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = false
  final_snapshot_identifier = "${var.name}-final"
  maintenance_window        = var.maintenance_window

  performance_insights_enabled          = true
  performance_insights_kms_key_id       = var.kms_key_arn
  performance_insights_retention_period = var.insights_mode == "advanced" ? 465 : 7
  database_insights_mode                = var.insights_mode
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.monitoring.arn
  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]

  tags = local.tags

  depends_on = [
    aws_cloudwatch_log_group.database,
    aws_iam_role_policy_attachment.monitoring,
  ]
}

resource "aws_db_instance" "read_replica" {
  count = var.read_replicas

  identifier          = "${var.name}-read-${count.index + 1}"
  replicate_source_db = aws_db_instance.this.identifier

  instance_class             = var.instance_class
  auto_minor_version_upgrade = true
  storage_type               = "gp3"
  max_allocated_storage      = var.storage_max_gib
  storage_encrypted          = true

  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = false
  ca_cert_identifier     = "rds-ca-rsa2048-g1"
  parameter_group_name   = aws_db_parameter_group.this.name

  # Nothing is lost with a read replica.
  skip_final_snapshot = true
  deletion_protection = false
  maintenance_window  = var.maintenance_window

  performance_insights_enabled          = true
  performance_insights_kms_key_id       = var.kms_key_arn
  performance_insights_retention_period = var.insights_mode == "advanced" ? 465 : 7
  database_insights_mode                = var.insights_mode
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.monitoring.arn

  tags = local.tags

  depends_on = [aws_iam_role_policy_attachment.monitoring]
}

data "aws_iam_policy_document" "monitoring_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "monitoring" {
  name_prefix        = "${substr(var.name, 0, 22)}-rds-monitoring-"
  assume_role_policy = data.aws_iam_policy_document.monitoring_assume.json
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.monitoring.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
