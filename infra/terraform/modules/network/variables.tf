variable "name" {
  description = "Name of the environment; the first part of every name in it."
  type        = string
}

variable "cluster_name" {
  description = "The cluster whose load balancers look for these subnets by tag."
  type        = string
}

variable "cidr" {
  description = "Address range of the VPC, a /16 to /20 that overlaps no network it will be peered with."
  type        = string
  default     = "10.40.0.0/16"

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && can(regex("/(1[6-9]|20)$", var.cidr))
    error_message = "Give an IPv4 range of /16 to /20, like 10.40.0.0/16."
  }
}

variable "zone_count" {
  description = "How many availability zones to spread over: 2, or 3 for clusters that keep their own quorum (NATS)."
  type        = number
  default     = 2

  validation {
    condition     = contains([2, 3], var.zone_count)
    error_message = "Two zones or three: with one, the loss of a zone is the loss of everything."
  }
}

variable "nat_gateways" {
  description = "`per_zone`, or `single`: cheaper, but the loss of its zone cuts every worker off from the internet."
  type        = string
  default     = "per_zone"

  validation {
    condition     = contains(["per_zone", "single"], var.nat_gateways)
    error_message = "Choose per_zone or single."
  }
}

variable "interface_endpoints" {
  description = "AWS services reached inside the VPC instead of through NAT, like `ecr.api` and `ecr.dkr`; each costs per zone and hour."
  type        = set(string)
  default     = []
}

variable "log_retention_days" {
  description = "How long the flow logs are kept, in days."
  type        = number
  default     = 30
}

variable "kms_key_arn" {
  description = "Key that encrypts the flow logs."
  type        = string
}
