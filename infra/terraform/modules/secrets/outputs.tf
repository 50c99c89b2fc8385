output "secret_arn" {
  description = "The API's secret settings, read by external-secrets."
  value       = aws_secretsmanager_secret.api.arn
}

output "secret_name" {
  description = "Its name, the same in the standby region."
  value       = aws_secretsmanager_secret.api.name
}
