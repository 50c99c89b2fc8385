variable "name" {
  description = "Name of the environment."
  type        = string
}

variable "domain" {
  description = "The domain; the records are app.<domain> and api.<domain>."
  type        = string
}

variable "zone_id" {
  description = "The hosted zone of the domain."
  type        = string
}

variable "region" {
  description = "The region whose names these records lead to."
  type        = string
}

variable "role" {
  description = "PRIMARY or SECONDARY."
  type        = string

  validation {
    condition     = contains(["PRIMARY", "SECONDARY"], var.role)
    error_message = "PRIMARY or SECONDARY."
  }
}

variable "in_service" {
  description = "Whether this region may be answered with. A standby's is false until its database is promoted: before that it could only show old messages and refuse new ones."
  type        = bool
}
