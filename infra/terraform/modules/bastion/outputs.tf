output "instance_id" {
  description = "The host, for Session Manager."
  value       = aws_instance.bastion.id
}

output "address" {
  description = "Its public address, for SSH as `operator`."
  value       = aws_instance.bastion.public_ip
}

output "security_group_id" {
  description = "Its security group, which the database admits."
  value       = aws_security_group.bastion.id
}
