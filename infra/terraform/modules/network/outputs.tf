output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "vpc_cidr" {
  description = "Its address range."
  value       = aws_vpc.this.cidr_block
}

output "zones" {
  description = "The availability zones in use."
  value       = local.zones
}

output "public_subnet_ids" {
  description = "Public subnets, one per zone."
  value       = [for zone in local.zones : aws_subnet.public[zone].id]
}

output "private_subnet_ids" {
  description = "Private subnets for workers, one per zone."
  value       = [for zone in local.zones : aws_subnet.private[zone].id]
}

output "isolated_subnet_ids" {
  description = "Subnets without a way out, for the database, one per zone."
  value       = [for zone in local.zones : aws_subnet.isolated[zone].id]
}

output "public_range" {
  description = "One range that holds the public subnets, for network policies: requests of the load balancers come from there."
  value       = local.public_range
}

output "isolated_range" {
  description = "One range that holds the database's subnets."
  value       = local.isolated_range
}

output "nat_addresses" {
  description = "The addresses that outgoing requests come from (webhooks, e-mail), for other people's allow lists."
  value       = [for address in aws_eip.nat : address.public_ip]
}
