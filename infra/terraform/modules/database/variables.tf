variable "name" {
  description = "Identifier of the instance; its secret is `<name>/database`."
  type        = string
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "subnet_ids" {
  description = "Isolated subnets in at least two zones."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "A standby in another zone needs subnets in two zones."
  }
}

variable "client_security_groups" {
  description = "Who may connect: a word → the security group. Workers and, where there is one, the bastion."
  type        = map(string)

  validation {
    condition     = length(setsubtract(keys(var.client_security_groups), ["workers", "bastion"])) == 0
    error_message = "The workers and the bastion only."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the storage, its backups, the insights, the logs and the password."
  type        = string
}

variable "engine_version" {
  description = "PostgreSQL version that RDS is to run: a major (its newest minor then) or a minor. `aws rds describe-db-engine-versions --engine postgres` lists them. If RDS in your region does not offer 18 yet, take 17: migrations and tests need 17 or newer."
  type        = string
  default     = "18"

  validation {
    condition     = can(regex("^(1[7-9]|2[0-9])(\\.[0-9]+)?$", var.engine_version))
    error_message = "PostgreSQL 17 or newer, like 18 or 18.4."
  }
}

variable "allow_major_upgrade" {
  description = "Set for the one apply that raises the major version."
  type        = bool
  default     = false
}

variable "instance_class" {
  description = "Size of the instance."
  type        = string
  default     = "db.m7g.large"

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.[a-z0-9]+$", var.instance_class))
    error_message = "An RDS instance class, like db.m7g.large."
  }
}

variable "storage_gib" {
  description = "Storage at first, in GiB."
  type        = number
  default     = 100

  validation {
    condition     = var.storage_gib >= 20
    error_message = "gp3 begins at 20 GiB."
  }
}

variable "storage_max_gib" {
  description = "Up to where storage grows by itself, in GiB."
  type        = number
  default     = 500
}

variable "multi_az" {
  description = "A standby in another zone that every commit reaches before it is acknowledged."
  type        = bool
  default     = true
}

variable "max_connections" {
  description = "Connections that PostgreSQL allows: API processes × their pool, with room for a rollout's second set."
  type        = number
  default     = 400

  validation {
    condition     = var.max_connections >= 50 && var.max_connections <= 5000
    error_message = "50 to 5000."
  }
}

variable "backup_days" {
  description = "How far back in time the database can be restored to any second, in days."
  type        = number
  default     = 14

  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 35
    error_message = "1 to 35 days; 0 would switch backups off."
  }
}

variable "backup_window" {
  description = "When the daily snapshot is taken, UTC."
  type        = string
  default     = "01:30-02:30"
}

variable "maintenance_window" {
  description = "When AWS may apply patches, UTC; must not touch the backup window."
  type        = string
  default     = "sun:03:00-sun:04:00"
}

variable "deletion_protection" {
  description = "Refuse to delete the instance; set false in an apply of its own before tearing down."
  type        = bool
  default     = true
}

variable "insights_mode" {
  description = "Database Insights: `standard` (7 days, free) or `advanced` (15 months)."
  type        = string
  default     = "standard"

  validation {
    condition     = contains(["standard", "advanced"], var.insights_mode)
    error_message = "Choose standard or advanced."
  }
}

variable "password_managed_by" {
  description = "Who makes and changes the master password. `rds`: RDS itself, rotated every `password_rotation_days`; RDS then refuses read replicas (in any region). `terraform`: made by an apply, rotated by raising `password_version`, copied to the standby region. `source`: a replica, whose password is its source's."
  type        = string
  default     = "rds"

  validation {
    condition     = contains(["rds", "terraform", "source"], var.password_managed_by)
    error_message = "Choose rds, terraform or source."
  }

  validation {
    condition     = var.password_managed_by != "rds" || (var.read_replicas == 0 && var.secret_replica == null)
    error_message = "RDS makes no read replica of a PostgreSQL instance whose password it manages, and copies that secret nowhere: choose terraform."
  }

  validation {
    condition     = var.replicate_from == null || var.password_managed_by == "source"
    error_message = "A replica has its source's password: choose source."
  }
}

variable "password_rotation_days" {
  description = "How often RDS changes the password that it manages, in days."
  type        = number
  default     = 30

  validation {
    condition     = var.password_rotation_days >= 1 && var.password_rotation_days <= 365
    error_message = "1 to 365 days."
  }
}

variable "password_version" {
  description = "With `password_managed_by = \"terraform\"`: raise it by one to change the password with the next apply."
  type        = number
  default     = 1
}

variable "secret_replica" {
  description = "Region that receives a copy of the password's secret, and that region's key; null without a standby."
  type = object({
    region      = string
    kms_key_arn = string
  })
  default = null
}

variable "read_replicas" {
  description = "Read replicas in this region, for history and search."
  type        = number
  default     = 0

  validation {
    condition     = var.read_replicas >= 0 && var.read_replicas <= 5
    error_message = "0 to 5."
  }
}

variable "replicate_from" {
  description = "ARN of the primary in another region, which makes this its replica; null makes a primary. Taking it away promotes the replica, for good."
  type        = string
  default     = null

  validation {
    condition     = var.replicate_from == null || can(regex("^arn:aws[a-z-]*:rds:", var.replicate_from))
    error_message = "The ARN of the source instance: another region's is not found by its name."
  }
}

variable "log_retention_days" {
  description = "How long PostgreSQL's log is kept, in days."
  type        = number
  default     = 30
}
