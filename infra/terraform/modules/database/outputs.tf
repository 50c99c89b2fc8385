output "arn" {
  description = "The instance, for a replica in another region."
  value       = aws_db_instance.this.arn
}

output "identifier" {
  description = "The instance's name (`aws rds` commands, CloudWatch)."
  value       = aws_db_instance.this.identifier
}

output "host" {
  description = "Host name of the primary; it stays the same when the standby takes over."
  value       = aws_db_instance.this.address
}

output "port" {
  description = "Port."
  value       = aws_db_instance.this.port
}

output "database" {
  description = "Name of the database."
  value       = local.database
}

output "username" {
  description = "Name of the master user, for migrations and people."
  value       = local.username
}

output "api_username" {
  description = "Name of the API's role, which the first migration makes: it may change no schema."
  value       = "${local.username}_api"
}

output "read_hosts" {
  description = "Host names of the read replicas."
  value       = [for replica in aws_db_instance.read_replica : replica.address]
}

output "secret_arn" {
  description = "Secret with `username` and `password` of the master user; null for a replica, which has its source's."
  value = (
    var.password_managed_by == "rds" ? aws_db_instance.this.master_user_secret[0].secret_arn :
    local.own_password ? aws_secretsmanager_secret.master[0].arn : null
  )
}

output "secret_name" {
  description = "That secret's name, the same in the standby region; null where RDS or the source manages it."
  value       = local.own_password ? aws_secretsmanager_secret.master[0].name : null
}

output "security_group_id" {
  description = "The database's security group."
  value       = aws_security_group.database.id
}
