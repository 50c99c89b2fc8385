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
  default     = "all-is-whale-small"

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
  description = "Address range of the VPC."
  type        = string
  default     = "10.60.0.0/16"
}

variable "workers" {
  description = "The workers: instance types, min, desired and max, disk; see modules/cluster."
  type = object({
    instance_types = optional(list(string), ["t3.large"])
    ami_type       = optional(string, "AL2023_x86_64_STANDARD")
    min            = optional(number, 2)
    desired        = optional(number, 2)
    max            = optional(number, 4)
    disk_gib       = optional(number, 50)
  })
  default = {}
}

variable "tls_mode" {
  description = "`letsencrypt` (cert-manager and cert-sync) or `acm` (the load balancer controller's own certificates)."
  type        = string
  default     = "acm"
}

variable "database" {
  description = "The database: version, size, storage, connections, backups; see modules/database."
  type = object({
    engine_version      = optional(string, "18")
    allow_major_upgrade = optional(bool, false)
    instance_class      = optional(string, "db.t4g.medium")
    storage_gib         = optional(number, 20)
    storage_max_gib     = optional(number, 100)
    max_connections     = optional(number, 150)
    backup_days         = optional(number, 7)
    insights_mode       = optional(string, "standard")
    deletion_protection = optional(bool, true)
  })
  default = {}
}

variable "bastion" {
  description = "A bastion: its one public key and who may open SSH (nobody: Session Manager only); null, the default, for none."
  type = object({
    authorized_key = string
    allowed_cidrs  = optional(list(string), [])
  })
  default = null
}
