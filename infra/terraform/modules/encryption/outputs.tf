output "key_arn" {
  description = "The key of this environment and region."
  value       = aws_kms_key.this.arn
}
