variable "account_id" {
  description = "The AWS account; an apply with another account's credentials is refused."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "Twelve digits."
  }
}

variable "region" {
  description = "The region, like eu-north-1."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region, like eu-north-1."
  }
}

variable "name" {
  description = "Name of the environment; every resource's name begins with it."
  type        = string
  default     = "all-is-whale-production"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,24}$", var.name))
    error_message = "3 to 25 lower-case letters, digits and hyphens."
  }
}

variable "domain" {
  description = "The domain; people open app.<domain> and api.<domain>."
  type        = string
}

variable "create_zone" {
  description = "Make the hosted zone of the domain; false takes the one that exists."
  type        = bool
  default     = true
}

variable "administrators" {
  description = "IAM role or user ARNs that administer the cluster."
  type        = set(string)
}

variable "viewers" {
  description = "IAM role or user ARNs that may look at the cluster."
  type        = set(string)
  default     = []
}

variable "kubernetes_api_cidrs" {
  description = "Addresses that may reach the Kubernetes API from the internet; empty closes it, so that only the VPC and networks joined to it reach it."
  type        = list(string)
}

variable "kubernetes_version" {
  description = "Kubernetes minor version."
  type        = string
  default     = "1.35"
}

variable "network_cidr" {
  description = "Address range of the VPC; must not overlap the standby region's."
  type        = string
  default     = "10.40.0.0/16"
}

variable "zone_count" {
  description = "Availability zones: 2 or 3."
  type        = number
  default     = 2
}

variable "workers" {
  description = "The workers: instance types, min, desired and max, disk; see modules/cluster."
  type = object({
    instance_types = optional(list(string), ["m7i.large"])
    ami_type       = optional(string, "AL2023_x86_64_STANDARD")
    min            = optional(number, 2)
    desired        = optional(number, 4)
    max            = optional(number, 10)
    disk_gib       = optional(number, 50)
  })
  default = {}
}

variable "tls_mode" {
  description = "`letsencrypt` (cert-manager and cert-sync) or `acm` (the load balancer controller's own certificates)."
  type        = string
  default     = "letsencrypt"
}

variable "database" {
  description = "The database: version, size, storage, connections, backups, read replicas; see modules/database."
  type = object({
    engine_version      = optional(string, "18")
    allow_major_upgrade = optional(bool, false)
    instance_class      = optional(string, "db.m7g.large")
    storage_gib         = optional(number, 100)
    storage_max_gib     = optional(number, 1000)
    max_connections     = optional(number, 400)
    backup_days         = optional(number, 14)
    read_replicas       = optional(number, 0)
    insights_mode       = optional(string, "standard")
    deletion_protection = optional(bool, true)
  })
  default = {}
}

variable "password_managed_by" {
  description = "`rds` rotates the database password by itself but allows no replica; `terraform` is needed for read replicas and for a standby region."
  type        = string
  default     = "rds"
}

variable "password_version" {
  description = "With `password_managed_by = \"terraform\"`: raise by one and apply to rotate."
  type        = number
  default     = 1
}

variable "prometheus_workspace_arn" {
  description = "Amazon Managed Prometheus workspace for remote write; null for none."
  type        = string
  default     = null
}

variable "bastion" {
  description = "A bastion: its one public key and who may open SSH (nobody: Session Manager only); null, the default, for none."
  type = object({
    authorized_key = string
    allowed_cidrs  = optional(list(string), [])
  })
  default = null
}

variable "standby" {
  description = "What the standby environment prints as `for_production` (its file standby.auto.tfvars.json); null before there is one."
  type = object({
    region           = string
    kms_key_arn      = string
    files_bucket_arn = string
  })
  default = null
}

variable "publish_names" {
  description = "`cluster`: external-dns in the cluster publishes app.<domain> and api.<domain>. `failover`: it publishes names of this region only, and the public ones are failover records made here, which a standby needs."
  type        = string
  default     = "cluster"

  validation {
    condition     = contains(["cluster", "failover"], var.publish_names)
    error_message = "Choose cluster or failover."
  }
}

variable "in_service" {
  description = "With failover records: false takes this region out of service for good measure, before the standby is promoted (the fence in DNS)."
  type        = bool
  default     = true
}
