variable "account_id" {
  description = "The AWS account; an apply with another account's credentials is refused."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "Twelve digits."
  }
}

variable "region" {
  description = "The standby region, like eu-central-1; not the primary's."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region, like eu-central-1."
  }

  validation {
    condition     = var.region != var.primary.region
    error_message = "A standby in the primary's own region would be lost with it."
  }
}

variable "name" {
  description = "Name of the environment; every resource's name begins with it."
  type        = string
  default     = "all-is-whale-standby"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,24}$", var.name))
    error_message = "3 to 25 lower-case letters, digits and hyphens."
  }
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
  description = "Address range of the VPC; must not overlap the primary region's."
  type        = string
  default     = "10.50.0.0/16"
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
    desired        = optional(number, 2)
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
  description = "The database: version, size, storage, connections, backups; size and major version as the primary's; see modules/database."
  type = object({
    engine_version      = optional(string, "18")
    instance_class      = optional(string, "db.m7g.large")
    storage_max_gib     = optional(number, 1000)
    max_connections     = optional(number, 400)
    backup_days         = optional(number, 14)
    insights_mode       = optional(string, "standard")
    deletion_protection = optional(bool, true)
  })
  default = {}
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


variable "primary" {
  description = "What the production environment prints as `for_standby` (its file primary.auto.tfvars.json)."
  type = object({
    name                 = string
    region               = string
    domain               = string
    registry             = string
    database_arn         = string
    database_secret_name = string
    api_secret_name      = string
  })

  validation {
    condition     = var.primary.database_secret_name != null
    error_message = "RDS manages the primary's password, and then makes no replica: apply production with password_managed_by = \"terraform\" first."
  }
}

variable "promoted" {
  description = "True makes the replica a primary of its own, for good. Fence the old primary first: two that take messages cannot be joined again."
  type        = bool
  default     = false
}

variable "in_service" {
  description = "Whether Route 53 may send people here while the primary region is unhealthy. Only after the promotion."
  type        = bool
  default     = false

  validation {
    condition     = !var.in_service || var.promoted
    error_message = "Promote the database first: until then this region can only show old messages and refuse new ones."
  }
}
